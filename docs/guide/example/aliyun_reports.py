#!/usr/bin/python3
"""Aliyun's delivery reports (SmsReport, a JSON list on standard input) as lines for duban send --batch."""

import datetime
import json
import sys

BEIJING = datetime.timezone(datetime.timedelta(hours=8))

for report in json.load(sys.stdin):
    at = datetime.datetime.strptime(report["report_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    event = {
        "event": "notice.delivered" if report["success"] else "notice.bounced",
        "at": at.isoformat(),
        "set": {"notice": report["out_id"], "result": report["err_code"]},
    }
    print(json.dumps(event))
