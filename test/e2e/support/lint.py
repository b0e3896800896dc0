"""Lints HTTP responses: a JSON list of {"method", "raw"} (base64) comes in, the list of what is wrong with each goes out."""
import base64
import json
import sys
import time

from httplint import HttpResponseLinter
from httplint.note import levels


def wrong(method, raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    topline, *lines = head.split(b"\r\n")
    version, status, *phrase = topline.split(b" ", 2)
    linter = HttpResponseLinter(start_time=time.time(), no_content=method == "HEAD")
    linter.process_response_topline(version, status, phrase[0] if phrase else b"")
    fields = [line.partition(b":") for line in lines]
    linter.process_headers([(name, value.strip()) for name, _, value in fields])
    if method != "HEAD":
        linter.feed_content(body)
    linter.finish_content(True)
    return [f"{note.level.name}: {note.summary}" for note in linter.notes if note.level in (levels.WARN, levels.BAD)]


print(json.dumps([wrong(each["method"], base64.b64decode(each["raw"])) for each in json.load(sys.stdin)]))
