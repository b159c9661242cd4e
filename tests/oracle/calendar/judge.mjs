// Judges working days: stdin is `duban calendar show --year … -o csv` of several years, the
// arguments are those years. Says every date on which chinese-days thinks otherwise.
import chineseDays from "chinese-days";
import { readFileSync } from "node:fs";

const kinds = new Map();
for (const line of readFileSync(0, "utf8").split("\n")) {
  const [date, , kind] = line.split(",");
  kinds.set(date, kind);
}

let dates = 0;
let differ = 0;
for (const year of process.argv.slice(2)) {
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(Number(year) + 1, 0, 1); at += 86400000) {
    const day = new Date(at);
    const date = day.toISOString().slice(0, 10);
    const kind = kinds.get(date);
    const weekday = day.getUTCDay() % 6 !== 0;
    const works = kind === undefined ? weekday : kind === "make-up";
    dates++;
    if (works !== chineseDays.isWorkday(date)) {
      console.log(`${date}: duban says ${works ? "works" : "rests"}, chinese-days the other`);
      differ++;
    }
  }
}
console.log(`${dates} dates, ${differ} differ`);
process.exit(dates > 0 && differ === 0 ? 0 : 1);
