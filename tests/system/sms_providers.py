#!/usr/bin/python3
"""duban-sms against stand-ins for Aliyun, Tencent Cloud and 云MAS that reckon each signature anew: our
calls are accepted and say what was to be said, tampered ones are refused; certificates are checked; a
request leaves once, whatever the line does, and what may have arrived is in doubt."""

import base64
import json
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "tests", "lib"))
from sms_standin import Standin, certificate

CALLS = os.path.join(os.path.dirname(os.environ["DUBAN"]), "sms_calls")
NUMBER = "13800000001"
PROVIDERS = {
    "aliyun": {"user": "AK-duban", "secret": "aliyun-key", "sign": "鼓楼城管", "code": "SMS_154950909"},
    "tencent": {"user": "SI-duban", "secret": "tencent-key", "sign": "鼓楼城管", "app": "1400006666", "code": "1110"},
    "mas": {"user": "duban", "secret": "mas-key", "sign": "zHsmzt", "app": "江州市综合行政执法局"},
}
PATHS = {"aliyun": "", "tencent": "", "mas": "/sms/norsubmit"}
PARAMS = [["case", "鼓〔2026〕1号"], ["left", "3个工作日"]]


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def message(provider, server, **more):
    scheme = "http" if server.context is None else "https"
    return {
        "provider": provider,
        "url": f"{scheme}://localhost:{server.port}{PATHS[provider]}",
        "number": "+86 138 0000 0001",
        "text": "【督办】请办理。",
        "params": PARAMS,
        "key": "0f-1-sms-0",
        **PROVIDERS[provider],
        **more,
    }


def send(*messages):
    """What became of each, sent by one process."""
    done = subprocess.run([CALLS, "send"], input="\n".join(map(json.dumps, messages)), capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        spoken = json.dumps(answer, ensure_ascii=False) + done.stderr
        check(NUMBER not in spoken and not any(p["secret"] in spoken for p in PROVIDERS.values()), f"no secret: {spoken}")
    return answers


def becomes(answer, outcome, code=""):
    check((answer["outcome"], answer["code"]) == (outcome, code), f"{outcome} {code}: {answer}")


def calls_are_accepted(server, ca):
    rng = random.Random(1)
    letters = "督办案件期限〔〕【】“”。， aZ09-_.~+%&=?/#@!*'()\"\\|😀𠮷é"
    for provider in PROVIDERS:
        server.taken.clear()
        server.connections = 0
        wishes = []
        for i in range(15):
            text = "".join(rng.choice(letters) for _ in range(rng.randint(1, 60)))
            params = [[f"p{j}", "".join(rng.choice(letters) for _ in range(rng.randint(1, 20)))] for j in range(rng.randint(0, 5))]
            wishes.append(message(provider, server, ca=ca, text=text, params=params, key=f"k-{i}"))
        # One process knows one template, so those of other parameters have one of their own.
        for wish in wishes if provider != "mas" else []:
            becomes(send(wish)[0], "done")
        if provider == "mas":
            for answer in send(*wishes):
                becomes(answer, "done")
            check(server.connections == 1, f"one connection is used again: {server.connections}")
        check(len(server.taken) == len(wishes), f"{provider}: each arrived once")
        for wish, taken in zip(wishes, server.taken):
            check((taken["number"], taken["sign"]) == (NUMBER, wish["sign"]), f"{wish}: {taken}")
            if provider == "mas":
                check((taken["text"], taken["app"]) == (wish["text"], wish["app"]), f"{wish}: {taken}")
                continue
            check((taken["code"], taken["key"]) == (wish["code"], wish["key"]), f"{wish}: {taken}")
            values = [value for _, value in wish["params"]]
            check(taken.get("params", wish["params"]) == wish["params"] and taken.get("values", values) == values, f"{wish}: {taken}")


def success_bears_their_name(server, ca):
    names = {"aliyun": "900619746936498440^0", "tencent": "5000:1045710669157053657849499619", "mas": "0927152506001000833076"}
    for provider, name in names.items():
        check(send(message(provider, server, ca=ca))[0]["provider_id"] == name, provider)


def wrong_keys_are_refused(server, ca):
    codes = {"aliyun": "SignatureDoesNotMatch", "tencent": "AuthFailure.SignatureFailure", "mas": "InvalidUsrOrPwd"}
    for provider, code in codes.items():
        becomes(send(message(provider, server, ca=ca, secret="guessed"))[0], "later", code)
    becomes(send(message("aliyun", server, ca=ca, user="AK-nobody"))[0], "later", "InvalidAccessKeyId.NotFound")


def tampered_calls_are_refused(server, ca):
    """Whatever of a good request is changed, it is not accepted any more; nor is it a second time."""
    for provider in PROVIDERS:
        becomes(send(message(provider, server, ca=ca))[0], "done")
        path, headers, body = server.requests[-1]
        before = len(server.taken)
        if provider == "aliyun":
            forged = [(path.replace(NUMBER, "13900000009"), headers, body), (path.replace("SMS_1", "SMS_2"), headers, body)]
            forged += [(path + "&SmsUpExtendCode=1", headers, body), (path, headers, b"PhoneNumbers=1")]
            names = ("x-acs-date", "x-acs-signature-nonce", "host", "x-acs-action")
        elif provider == "tencent":
            forged = [(path, headers, body.replace(b"+861380", b"+861390")), (path, headers, body + b" "), (path + "?x=1", headers, body)]
            names = ("x-tc-timestamp", "content-type", "host")
        else:
            wish = json.loads(base64.b64decode(body))
            changed = [{**wish, name: wish[name] + "1"} for name in wish]
            forged = [(path, headers, base64.b64encode(json.dumps(one).encode())) for one in changed]
            names = ()
        for name in names:
            value = headers[name]
            forged.append((path, {**headers, name: value[:-1] + ("1" if value[-1] != "1" else "2")}, body))
        for request in forged + ([(path, headers, body)] if provider == "aliyun" else []):
            status, document = server.judge(request)
            check(len(server.taken) == before, f"{provider}: accepted: {request}")
            check('"OK"' not in json.dumps(document), document)
        print(f"  {provider}: {len(forged)} forged requests refused")


def only_to_whom_we_trust(server, ca):
    before = len(server.requests)
    becomes(send(message("aliyun", server))[0], "later", "NET.60")
    elsewhere = message("tencent", server, ca=ca)
    elsewhere["url"] = elsewhere["url"].replace("localhost", "127.0.0.1")
    becomes(send(elsewhere)[0], "later", "NET.60")
    check(len(server.requests) == before, "nothing was said to a stranger")


def a_line_that_was_closed_is_no_doubt(server, ca):
    """Providers close lines that nobody used for a while: the next request takes a new one."""
    for provider in PROVIDERS:
        wish = message(provider, server, ca=ca)
        before = len(server.requests)
        process = subprocess.Popen([CALLS, "send"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for fault in ("forget", None):
            closed = server.closed
            server.fault = fault
            process.stdin.write(json.dumps(wish) + "\n")
            process.stdin.flush()
            becomes(json.loads(process.stdout.readline()), "done")
            while fault == "forget" and server.closed == closed:
                time.sleep(0.01)
        process.stdin.close()
        check(process.wait(timeout=30) == 0 and len(server.requests) == before + 2, f"{provider}: two requests")


def a_request_leaves_once(server, ca):
    """Over a fresh connection, and over one that was used before, where libcurl itself would try again."""
    for provider in PROVIDERS:
        for fault in ("hang", "close", "half", "huge", "html", "redirect"):
            for used in (False, True) if provider == "mas" else (True,):
                before = len(server.requests)
                wish = message(provider, server, ca=ca, timeout_ms=1500 if fault == "hang" else 10000)
                process = subprocess.Popen([CALLS, "send"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

                def say():
                    process.stdin.write(json.dumps(wish) + "\n")
                    process.stdin.flush()
                    return json.loads(process.stdout.readline())

                if used:
                    becomes(say(), "done")
                server.fault = fault
                check(say()["outcome"] == "unknown", f"{provider}, {fault}: in doubt")
                becomes(say(), "done")
                process.stdin.close()
                check(process.wait(timeout=30) == 0, "it ends well")
                check(len(server.requests) == before + 2 + used, f"{provider}, {fault}: each request came once")


def main():
    with tempfile.TemporaryDirectory(prefix="duban-sms-") as folder:
        context, ca = certificate(folder)
        with Standin(context) as server:
            for part in (
                calls_are_accepted,
                success_bears_their_name,
                wrong_keys_are_refused,
                tampered_calls_are_refused,
                only_to_whom_we_trust,
                a_line_that_was_closed_is_no_doubt,
                a_request_leaves_once,
            ):
                part(server, ca)
                print(f"{part.__name__}: as it should be")


main()
