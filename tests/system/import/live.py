#!/usr/bin/python3
"""Live the open cases of a file of events day by day, in a daemon whose clock goes fast: each event is
sent an hour after it occurred, by that clock. Then, as an act, an import of another client's, only tried.
live.py FILE BEGIN-MS SINCE-MS RATE"""

import datetime
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["SOURCE"], "clients", "python"))
import duban

file = sys.argv[1]
begin, since, rate = map(int, sys.argv[2:5])
client = duban.Client(f"ipc://{os.environ['DUBAN_RUN']}/events.sock")
for text in open(file):
    if not text.startswith("{") or "OLD-3" in text:
        continue
    line = json.loads(text)
    at = int(datetime.datetime.fromisoformat(line["at"] + "+08:00").timestamp() * 1000)
    time.sleep(max(0, (since + (at + 3600000 - begin) / rate) / 1000 - time.time()))
    person, role = line["by"].split("/")
    event = duban.Event(
        id=line["id"],
        source="import",
        agency="gulou",
        case_id=line["case"],
        type=line["event"],
        occurred_at_ms=at,
        actor=duban.Actor(person=person, role=role),
        facts=duban.facts(**{name: str(value).lower() for name, value in line.get("set", {}).items()}),
        procedure=line.get("procedure", ""),
        unit=line.get("unit", ""),
        documents=[duban.Document(kind="责令改正通知书") for _ in line.get("documents", [])],
        **{"with": line.get("with", [])},
    )
    last = event
    receipt = client.send(event)
    if receipt.verdict != duban.APPLIED:
        sys.exit(f"{line['id']}: {[reason.en for reason in receipt.reasons]}")
client.close()

opening = duban.Event(id="t-1", source="test", agency="gulou", case_id="TRY-1", type="case.filed",
                      procedure="minor", unit="squad1", actor=last.actor, occurred_at_ms=last.occurred_at_ms)
control = duban.Control(f"ipc://{os.environ['DUBAN_RUN']}/control.sock")
answer = control.act("only a try", "li", **{"import": duban.pb.Import(events=[opening], dry_run=True)})
control.close()
if answer["verdict"] != "applied" or answer["stage"] != "filed" or answer["seq"] != 0:
    sys.exit(f"the import that was only tried: {answer}")
