// Sends random SMS with the vendors' own SDKs to a server of our own, notes what each request looked
// like, has our drivers make the same ones of the same words, instant and nonce, and compares.
//
//   node judge.mjs SMS_CALLS SEED COUNT
import { execFileSync } from "node:child_process";
import http from "node:http";
import net from "node:net";
import dysms from "@alicloud/dysmsapi20170525";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import tencent from "tencentcloud-sdk-nodejs-sms";

const [calls, seed, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

let state = seed >>> 0;
function below(limit) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
}

// What a signature could stumble over: what URLs and JSON escape, several bytes, several planes.
const alphabet = [..."abcXYZ019 -_.~+%&=?/#@!*'()[]{}<>;:,\"\\|^`$督办案件期限将于届满还剩个工作日〔〕【】“”，。😀𠮷é"];
const text = (least, most) =>
    Array.from({ length: least + below(most - least + 1) }, () => alphabet[below(alphabet.length)]).join("");
const word = (size) => Array.from({ length: size }, () => "abcdefghijKLMNOP0123456789"[below(26)]).join("");

function randomSms(provider) {
    const params = Array.from({ length: below(7) }, (_, i) => [`p${i}${word(below(6))}`, text(1, 30)]);
    return {
        provider,
        user: "AK" + word(1 + below(28)),
        secret: word(1 + below(60)),
        sign: text(1, 12),
        app: "14" + below(1e8),
        region: ["ap-guangzhou", "ap-beijing", "ap-nanjing"][below(3)],
        key: `${word(16)}-${below(1e6).toString(16)}-sms-${below(3)}`,
        number: "1" + (3 + below(7)) + String(below(1e9)).padStart(9, "0"),
        code: provider === "aliyun" ? "SMS_" + below(1e9) : String(below(1e7)),
        params,
    };
}

// A server that takes anything, and remembers the last.
let seen;
const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part) => (body += part));
    request.on("end", () => {
        seen = { url: request.url, headers: request.headers, body };
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ Code: "OK", Message: "OK", Response: { RequestId: "r", SendStatusSet: [] } }));
    });
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const port = server.address().port;

async function askAliyun(sms) {
    // Keys from a holder of our own: the SDK's says where it has them in one header more.
    const keys = { type: "access_key", accessKeyId: sms.user, accessKeySecret: sms.secret };
    const client = new dysms.default(
        new $OpenApiUtil.Config({
            credential: { getCredential: async () => keys, getType: () => "access_key" },
            endpoint: `127.0.0.1:${port}`,
            protocol: "HTTP",
        }),
    );
    await client.sendSms(
        new dysms.SendSmsRequest({
            phoneNumbers: sms.number,
            signName: sms.sign,
            templateCode: sms.code,
            templateParam: JSON.stringify(Object.fromEntries(sms.params)),
            outId: sms.key,
        }),
    );
    const headers = seen.headers;
    return {
        url: `http://127.0.0.1:${port}`,
        nonce: headers["x-acs-signature-nonce"],
        now_ms: Date.parse(headers["x-acs-date"]),
    };
}

// Its SDK signs the host without a port, so the request leaves for the usual host and is caught.
const agent = new http.Agent();
agent.createConnection = (_, done) => net.connect(port, "127.0.0.1", done);

async function askTencent(sms) {
    const client = new tencent.sms.v20210111.Client({
        credential: { secretId: sms.user, secretKey: sms.secret },
        region: sms.region,
        profile: {
            httpProfile: { protocol: "http://", endpoint: "sms.tencentcloudapi.com", agent },
        },
    });
    await client.SendSms({
        PhoneNumberSet: ["+86" + sms.number],
        SmsSdkAppId: sms.app,
        SignName: sms.sign,
        TemplateId: sms.code,
        TemplateParamSet: sms.params.map(([, value]) => value),
        SessionContext: sms.key,
    });
    return {
        url: "https://sms.tencentcloudapi.com",
        now_ms: Number(seen.headers["x-tc-timestamp"]) * 1000,
    };
}

const cases = [];
for (let i = 0; i < count; i++) {
    for (const [provider, ask] of [["aliyun", askAliyun], ["tencent", askTencent]]) {
        const sms = randomSms(provider);
        cases.push({ input: { ...sms, ...(await ask(sms)) }, theirs: seen });
    }
}
server.close();
server.closeAllConnections();

const lines = execFileSync(calls, ["ask"], {
    input: cases.map(({ input }) => JSON.stringify(input)).join("\n"),
    maxBuffer: 1 << 28,
    encoding: "utf8",
});
const ours = lines.trim().split("\n").map((line) => JSON.parse(line));

const query = (url) => JSON.stringify([...new URL(url, "http://x").searchParams].sort());
const compared = {
    aliyun: ["authorization", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-content-sha256"],
    tencent: ["authorization", "x-tc-action", "x-tc-version", "x-tc-timestamp", "x-tc-region", "content-type"],
};
let wrong = Math.abs(ours.length - cases.length);
cases.forEach(({ input, theirs }, i) => {
    const headers = Object.fromEntries(ours[i].headers.map((line) => {
        const [, name, value] = line.match(/^([^:]*): (.*)$/s);
        return [name.toLowerCase(), value];
    }));
    const differing = compared[input.provider].filter((name) => headers[name] !== theirs.headers[name]);
    if (query(ours[i].url) !== query(theirs.url)) differing.push("query");
    if (ours[i].body !== theirs.body) differing.push("body");
    if (differing.length > 0 && wrong++ < 3) {
        console.log(JSON.stringify({ differing, input, theirs, ours: ours[i] }, null, 1));
    }
});
console.log(`${cases.length} requests compared, ${wrong} differ`);
process.exit(wrong === 0 && cases.length === 2 * count ? 0 : 1);
