"""Aliyun, Tencent Cloud and 云MAS for tests: a server that reckons each signature anew, from their
documentation alone, answers as they do, and has any fault one asks it for.

    with Standin(context) as server:      # an ssl context; None: plain HTTP
        server.fault = "close"            # one of FAULTS, for the next request
        …
        server.taken     # what was accepted, as a provider sees it
        server.requests  # every request as it came: (path, headers, body)
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

KEYS = {"AK-duban": "aliyun-key", "SI-duban": "tencent-key", "duban": "mas-key"}
MINUTES_MS = 60000

FAULTS = {
    "hang": "no answer for as long as the caller waits",
    "close": "the request is read, and the line closed without a word",
    "half": "half an answer, then the line is closed",
    "huge": "an answer without end",
    "html": "a gateway's page instead of an answer",
    "redirect": "go elsewhere",
    "forget": "the answer, and then the line is closed without a word",
}


def sha256(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def mac(key, text):
    return hmac.new(key if isinstance(key, bytes) else key.encode(), text.encode(), "sha256")


def escaped(text):
    return urllib.parse.quote(text, safe="-_.~")


class Refused(Exception):
    def __init__(self, code, status=400):
        super().__init__(code)
        self.code = code
        self.status = status


def aliyun(request, nonces):
    """ACS3-HMAC-SHA256: query, the signed headers and the body's digest, under the key."""
    path, headers, body = request
    split = urllib.parse.urlsplit(path)
    query = urllib.parse.parse_qsl(split.query, keep_blank_values=True, strict_parsing=True)
    found = re.fullmatch(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})", headers["authorization"])
    if found is None:
        raise Refused("IncompleteSignature")
    user, names, signature = found[1], found[2].split(";"), found[3]
    if user not in KEYS:
        raise Refused("InvalidAccessKeyId.NotFound", 404)
    if headers["x-acs-content-sha256"] != sha256(body) or "host" not in names or sorted(names) != names:
        raise Refused("SignatureDoesNotMatch")
    canonical = "\n".join(
        ["POST", split.path, "&".join(f"{escaped(k)}={escaped(v)}" for k, v in sorted(query))]
        + [f"{name}:{headers[name].strip()}" for name in names]
        + ["", ";".join(names), headers["x-acs-content-sha256"]]
    )
    if mac(KEYS[user], "ACS3-HMAC-SHA256\n" + sha256(canonical)).hexdigest() != signature:
        raise Refused("SignatureDoesNotMatch")
    said = time.mktime(time.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    if abs(said - time.time()) > 15 * 60:
        raise Refused("InvalidTimeStamp.Expired")
    if headers["x-acs-signature-nonce"] in nonces:
        raise Refused("SignatureNonceUsed")
    nonces.add(headers["x-acs-signature-nonce"])
    if (headers["x-acs-action"], headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
        raise Refused("InvalidAction.NotFound", 404)
    wish = dict(query)
    return {
        "number": wish["PhoneNumbers"],
        "sign": wish["SignName"],
        "code": wish["TemplateCode"],
        "params": [list(pair) for pair in json.loads(wish["TemplateParam"]).items()],
        "key": wish["OutId"],
    }


def tencent(request, _):
    """TC3-HMAC-SHA256: the body and two headers, under a key of the day."""
    path, headers, body = request
    found = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=([^/]+)/([0-9-]{10})/sms/tc3_request, SignedHeaders=content-type;host, Signature=([0-9a-f]{64})",
        headers["authorization"],
    )
    if found is None or found[1] not in KEYS:
        raise Refused("AuthFailure.SecretIdNotFound")
    user, date, signature = found.groups()
    seconds = int(headers["x-tc-timestamp"])
    canonical = f"POST\n{path}\n\ncontent-type:{headers['content-type']}\nhost:{headers['host']}\n\ncontent-type;host\n{sha256(body)}"
    words = f"TC3-HMAC-SHA256\n{seconds}\n{date}/sms/tc3_request\n{sha256(canonical)}"
    key = mac(mac(mac("TC3" + KEYS[user], date).digest(), "sms").digest(), "tc3_request").digest()
    if mac(key, words).hexdigest() != signature:
        raise Refused("AuthFailure.SignatureFailure")
    if abs(seconds - time.time()) > 300 or time.strftime("%Y-%m-%d", time.gmtime(seconds)) != date:
        raise Refused("AuthFailure.SignatureExpire")
    if (headers["x-tc-action"], headers["x-tc-version"]) != ("SendSms", "2021-01-11"):
        raise Refused("InvalidAction")
    wish = json.loads(body)
    return {
        "number": wish["PhoneNumberSet"][0].removeprefix("+86"),
        "sign": wish["SignName"],
        "code": wish["TemplateId"],
        "values": wish["TemplateParamSet"],
        "key": wish["SessionContext"],
        "app": wish["SmsSdkAppId"],
    }


def mas(request, _):
    wish = json.loads(base64.b64decode(request[2], validate=True))
    if KEYS.get(wish["apId"]) != wish["secretKey"]:
        raise Refused("InvalidUsrOrPwd")
    fields = ("ecName", "apId", "secretKey", "mobiles", "content", "sign", "addSerial")
    if hashlib.md5("".join(wish[field] for field in fields).encode()).hexdigest() != wish["mac"]:
        raise Refused("IllegalMac")
    return {"number": wish["mobiles"], "text": wish["content"], "sign": wish["sign"], "app": wish["ecName"]}


def answer(provider, taken, refused):
    """Status and document; messages quote the number, as providers do."""
    if provider == "mas":
        done = refused is None
        return 200, {"msgGroup": "0927152506001000833076" if done else "", "rspcod": "success" if done else refused.code, "success": done}
    if provider == "aliyun":
        if refused is not None:
            return refused.status, {"Code": refused.code, "Message": "about 13800000001", "RequestId": "R", "HostId": "h"}
        return 200, {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "R"}
    if refused is not None:
        return 200, {"Response": {"Error": {"Code": refused.code, "Message": "about 13800000001"}, "RequestId": "R"}}
    status = {"SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": "+86" + taken["number"], "Fee": 1}
    status |= {"SessionContext": taken["key"], "Code": "Ok", "Message": "send success", "IsoCode": "CN"}
    return 200, {"Response": {"SendStatusSet": [status], "RequestId": "R"}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.standin.connections += 1

    def log_message(self, *_):
        pass

    def do_POST(self):
        standin = self.server.standin
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = (self.path, headers, self.rfile.read(int(headers.get("content-length", "0"))))
        standin.requests.append(request)
        fault, standin.fault = standin.fault, None
        if fault not in (None, "forget"):
            self.fail(standin, fault)
            return
        status, document = standin.judge(request)
        self.say(status, json.dumps(document).encode(), "application/json")
        self.close_connection = fault == "forget"

    def say(self, status, body, kind, **more):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def fail(self, standin, fault):
        self.close_connection = fault not in ("html", "redirect")
        if fault == "hang":
            standin.ended.wait(60)
        elif fault == "half":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b'{"Code":"OK","rspcod":"succ')
        elif fault == "huge":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b" " * 100000)
            except OSError:
                pass  # the caller has heard enough
        elif fault == "html":
            self.say(502, b"<html>OK success</html>", "text/html")
        elif fault == "redirect":
            self.say(307, b"", "text/plain", Location=self.path)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    block_on_close = False

    def shutdown_request(self, request):
        super().shutdown_request(request)
        self.standin.closed += 1

    def handle_error(self, request, client_address):
        pass  # who does not trust us hangs up


def certificate(folder):
    """Of localhost, that nobody vouches for: an ssl context, and the file to trust."""
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
        capture_output=True,
    )
    if made.returncode != 0:
        sys.exit(made.stderr.decode())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


class Standin:
    def __init__(self, context=None):
        self.context = context
        self.fault = None
        self.taken = []
        self.requests = []
        self.connections = 0
        self.closed = 0
        self.nonces = set()
        self.ended = threading.Event()

    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.standin = self
        self.port = self.server.server_address[1]
        if self.context is not None:
            self.server.socket = self.context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def judge(self, request):
        path, headers, _ = request
        provider = "aliyun" if "x-acs-action" in headers else "tencent" if "x-tc-action" in headers else "mas"
        judges = {"aliyun": aliyun, "tencent": tencent, "mas": mas}
        try:
            taken = judges[provider](request, self.nonces)
        except Refused as refused:
            return answer(provider, None, refused)
        except (KeyError, ValueError):
            return answer(provider, None, Refused("InvalidMessage"))
        self.taken.append({"provider": provider, **taken})
        return answer(provider, taken, None)
