"""Calls services with boto3: one call a line in, as JSON; one line of outcome out.

A call is {"endpoint", "service", "operation", "input"}; with "pages" it walks all pages and gives
their union. {"service"} alone asks for the operations that boto3 knows, each with the members of
its input.
JSON has no bytes and no times: they stand as {"$blob": BASE64} and {"$time": SECONDS}, both ways.
"""

import base64
import datetime
import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def connect(service, endpoint):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="AKID",
        aws_secret_access_key="secret",
        aws_session_token="token",
        config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
    )


def from_json(value):
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$blob" in value:
        return base64.b64decode(value["$blob"])
    if "$time" in value:
        return datetime.datetime.fromtimestamp(value["$time"], datetime.timezone.utc)
    return {name: from_json(item) for name, item in value.items()}


def to_json(value):
    if isinstance(value, bytes):
        return {"$blob": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {"$time": value.timestamp()}
    raise TypeError(f"no JSON for {type(value)}")


def outcome(client, call):
    method = xform_name(call["operation"])
    arguments = from_json(call["input"])
    try:
        if call.get("pages"):
            pages = client.get_paginator(method).paginate(**arguments)
            return {"output": pages.build_full_result()}
        output = getattr(client, method)(**arguments)
    except ClientError as error:
        answer = error.response
        return {
            "error": answer["Error"],
            "status": answer["ResponseMetadata"]["HTTPStatusCode"],
        }
    except BotoCoreError as error:
        return {"refused": str(error)}
    del output["ResponseMetadata"]
    return {"output": output}


def operations(model):
    shapes = ((name, model.operation_model(name).input_shape) for name in model.operation_names)
    return {name: sorted(shape.members) if shape else [] for name, shape in shapes}


def main():
    clients = {}
    for line in sys.stdin:
        call = json.loads(line)
        place = call["service"], call.get("endpoint", "http://127.0.0.1:9")
        if place not in clients:
            clients[place] = connect(*place)
        client = clients[place]
        if "operation" in call:
            answer = outcome(client, call)
        else:
            answer = operations(client.meta.service_model)
        print(json.dumps(answer, default=to_json), flush=True)


main()
