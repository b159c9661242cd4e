// Reads the lines of guard_cases and asks @bufbuild/cel about each guard. What CEL answers with an
// error is our unknown. Prints every difference, and fails if there was one. What is compared, and
// what is not, stands at the top of guard_cases.c.
import { createInterface } from "node:readline";
import { CelScalar, celEnv, celFunc, isCelError, parse, plan } from "@bufbuild/cel";

const DAY_MS = 86400000n;
const ZONE_MS = 8n * 3600n * 1000n;
const LAST = BigInt(Date.UTC(2199, 11, 31)) / DAY_MS;

function within(day) {
  if (day < 0n || day > LAST) {
    throw new Error("beyond the calendars");
  }
  return day;
}

function dateOfText(text) {
  return within(BigInt(Date.parse(`${text}T00:00:00Z`)) / DAY_MS);
}

function dateOfInstant(ms) {
  const local = ms + ZONE_MS;
  const day = local / DAY_MS;

  return within(local % DAY_MS < 0n ? day - 1n : day);
}

function hourOfInstant(ms) {
  return (ms + ZONE_MS - dateOfInstant(ms) * DAY_MS) / 3600000n;
}

function works(day) {
  const weekday = new Date(Number(day * DAY_MS)).getUTCDay();

  return weekday !== 0 && weekday !== 6;
}

// The n-th working day from here, one by one.
function walk(day, n, step) {
  while (n > 0) {
    day += step;
    n -= works(day) ? 1 : 0;
  }
  return day;
}

// The same day of another month, or that month's last.
function shiftMonths(day, months) {
  const date = new Date(Number(day * DAY_MS));
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth();
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

  return BigInt(Date.UTC(year, month, Math.min(date.getUTCDate(), last))) / DAY_MS;
}

function shift(day, length, sign) {
  const [, digits, unit] = /^(\d+)([a-z]+)$/.exec(length);
  const n = Number(digits);

  switch (unit) {
    case "d":
      return day + BigInt(sign * n);
    case "wd":
      return walk(day, n, BigInt(sign));
    case "mo":
      return shiftMonths(day, sign * n);
    case "y":
      return shiftMonths(day, sign * n * 12);
    default:
      throw new Error("not counted in days");
  }
}

const { INT, STRING, BOOL } = CelScalar;
const env = celEnv({
  funcs: [
    celFunc("date", [STRING], INT, dateOfText),
    celFunc("date", [INT], INT, dateOfInstant),
    celFunc("hour", [INT], INT, hourOfInstant),
    celFunc("workday", [INT], BOOL, (day) => works(within(day))),
    celFunc("after", [INT, STRING], INT, (day, n) => within(shift(within(day), n, 1))),
    celFunc("before", [INT, STRING], INT, (day, n) => within(shift(within(day), n, -1) - 1n)),
  ],
});

function revive(_, value) {
  return value !== null && typeof value === "object" && typeof value.int === "string"
    ? BigInt(value.int)
    : value;
}

function answer(cel, bindings) {
  const result = plan(env, parse(cel))(bindings);

  if (isCelError(result)) {
    return "unknown";
  }
  return typeof result === "boolean" ? String(result) : `no condition: ${result}`;
}

const counts = { true: 0, false: 0, unknown: 0 };
let different = 0;
let bindings = {};

for await (const line of createInterface({ input: process.stdin })) {
  const entry = JSON.parse(line, revive);

  if (entry.bindings) {
    bindings = entry.bindings;
    continue;
  }

  let actual;

  try {
    actual = answer(entry.cel, bindings);
  } catch (error) {
    actual = `not read: ${error.message}`;
  }
  counts[entry.expected]++;
  if (actual !== entry.expected) {
    different++;
    if (different <= 20) {
      console.error(`${entry.ours}\n  as CEL   ${entry.cel}\n  ours     ${entry.expected}`);
      console.error(`  theirs   ${actual}`);
      console.error(`  bindings ${JSON.stringify(bindings, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`);
    }
  }
}

const total = counts.true + counts.false + counts.unknown;

console.log(
  `${total} guards: ${counts.true} true, ${counts.false} false, ${counts.unknown} unknown; ` +
    `${different} different`,
);
process.exitCode = different === 0 && total > 0 ? 0 : 1;
