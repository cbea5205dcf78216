import collections
import gzip
import json
import os
import random
import re
import sys

import botocore
from botocore.endpoint_provider import EndpointProvider, TreeRule
from botocore.exceptions import EndpointProviderError, EndpointResolutionError

DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
TESTS = 150
REGIONS = ["us-east-1", "us-west-2", "eu-north-9", "us-gov-west-1", "cn-north-1", "us-iso-east-1",
           "us-isob-east-1", "eusc-de-east-1", "aws-global", "local"]
URLS = ["https://example.com", "http://10.0.0.1:8080/base/", "https://[::1]/x", "not a URL"]
RESOURCES = ["stream/one", "accesspoint/one", "accesspoint:one", "outpost/op-01234567890123456/accesspoint/one",
             "outpost:op-01234567890123456:bucket:one", "table/one", "bucket_name"]
SERVICES = ["s3", "s3-outposts", "s3-object-lambda", "kinesis", "dynamodb", "sns"]
BUCKETS = ["bucket", "bucket.dots", "Bucket", "a b", "b--usw2-az1--x-s3", "b--usw2-az1--xa-s3"]


def load(name):
    with open(os.path.join(DATA, name), "rb") as file:
        text = file.read()
    return json.loads(gzip.decompress(text) if name.endswith(".gz") else text)


def rule_set(service):
    folder = os.path.join(service, max(os.listdir(os.path.join(DATA, service))))
    files = os.listdir(os.path.join(DATA, folder))
    return load(os.path.join(folder, [f for f in files if f.startswith("endpoint-rule-set")][0]))


def literals(value, found):
    if isinstance(value, dict):
        for argument in value.get("argv", []):
            if isinstance(argument, str) and "{" not in argument and "[" not in argument:
                found.add(argument)
        for item in value.values():
            literals(item, found)
    elif isinstance(value, list):
        for item in value:
            literals(item, found)
    return found


def arn(choose):
    account = choose(["123456789012", "", "not_a_label"])
    partition = choose(["aws", "aws", "aws-cn"])
    return ":".join(["arn", partition, choose(SERVICES), choose(REGIONS + [""]), account, choose(RESOURCES)])


def params(rules, words, choose):
    given = {}
    for name, parameter in rules["parameters"].items():
        kind = parameter["type"].lower()
        required = parameter.get("required") and "default" not in parameter
        if not required and choose([True, True, False]) is False:
            continue
        if kind == "boolean":
            given[name] = choose([True, False, False])
        elif kind == "stringarray":
            given[name] = [arn(choose) for _ in range(choose([0, 1, 2]))]
        elif "Region" in name:
            given[name] = choose(REGIONS)
        elif "Endpoint" in name and "Mode" not in name and "Id" not in name:
            if choose([True, False, False]):
                given[name] = choose(URLS)
        elif "arn" in name.lower():
            given[name] = choose([arn(choose), "no-arn"])
        elif name == "Bucket":
            given[name] = choose(BUCKETS + [arn(choose), arn(choose)])
        else:
            given[name] = choose(words + ["123456789012", "plain", "x y"])
    return given


def terminal(tree, scope, library):
    """The specification ends with the tree whose conditions hold; botocore goes on to the next."""
    if not tree.evaluate_conditions(scope, library):
        return None
    answers = (rule.evaluate(dict(scope), library) for rule in tree.rules)
    found = next((endpoint for endpoint in answers if endpoint), None)
    if found is None:
        raise EndpointResolutionError(msg="No endpoint found in a tree")
    return found


TreeRule.evaluate = terminal


def answer(provider, given):
    try:
        endpoint = provider.resolve_endpoint(**given)
    except EndpointProviderError as error:
        message = str(error)
        if message.startswith("No endpoint found"):
            return {"error": "no match"}
        return {"error": message}
    if not re.fullmatch(r"https?://[A-Za-z0-9._:\[\]-]+(/[!-~]*)?", endpoint.url):
        return {"error": "refused"}  # botocore lets it pass here and fails later.
    headers = {name: list(values) for name, values in endpoint.headers.items()}
    return {"endpoint": {"url": endpoint.url, "properties": endpoint.properties, "headers": headers}}


def main():
    partitions = load("partitions.json")
    services = collections.OrderedDict()
    for service in sys.argv[1:]:
        rules = rule_set(service)
        words = sorted(literals(rules["rules"], set()))
        choose = random.Random(service).choice
        provider = EndpointProvider(rules, partitions)
        cases = []
        for number in range(TESTS):
            given = params(rules, words, choose)
            try:
                expect = answer(provider, given)
            except (KeyError, TypeError):
                continue  # botocore gives up where the rules use a value that is not there.
            if re.match(r"Both (values|arguments)", expect.get("error", "")):
                continue  # The same.
            cases.append({"documentation": json.dumps(given), "params": given, "expect": expect})
        services[service] = {"rules": rules, "tests": {"testCases": cases}}
    print(json.dumps(services))


main()
