"""Signs with botocore: one request a line in, as JSON; one line of results out."""

import base64
import datetime
import json
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

now = None
# botocore reads the clock itself; the requests bring their own time.
botocore.auth.get_current_datetime = lambda *_args, **_kwargs: now

for line in sys.stdin:
    case = json.loads(line)
    now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc)
    request = AWSRequest(
        method=case["method"],
        url=case["url"],
        data=base64.b64decode(case["body"]),
    )
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    credentials = Credentials(case["access_key"], case["secret"], case["token"])
    signer = botocore.auth.SigV4Auth(credentials, case["service"], case["region"])
    signer.add_auth(request)
    answer = {
        "authorization": request.headers["Authorization"],
        "date": request.headers["X-Amz-Date"],
        "token": request.headers["X-Amz-Security-Token"],
        "canonical": signer.canonical_request(request),
    }
    print(json.dumps(answer), flush=True)
