"""Reads streams of messages, a line of hex each, with botocore; null is one that it refuses."""

import json
import sys

from botocore.eventstream import EventStreamBuffer, ParserError


def shown(value):
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def read(stream):
    buffer = EventStreamBuffer()
    buffer.add_data(stream)
    try:
        messages = list(buffer)
    except (ParserError, UnicodeDecodeError):
        return None
    if sum(message.prelude.total_length for message in messages) != len(stream):
        return None
    return [
        {
            "headers": {name: shown(value) for name, value in message.headers.items()},
            "payload": message.payload.hex(),
        }
        for message in messages
    ]


for line in sys.stdin:
    print(json.dumps(read(bytes.fromhex(line))), flush=True)
