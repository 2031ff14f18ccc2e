"""Traces of the Lambdas: each call to AWS is one entry. In a process of its own, because tracing cannot be undone."""

import json
import os
import subprocess
import sys

from tests.architecture.sources import PROJECT
from tests.conftest import ENVIRONMENT

# A server of HTTP answers, because moto answers before all places where a call can be traced have been passed.
TRACED = """
import json, os, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from aws_xray_sdk.core import xray_recorder
import boto3
from chalicelib.observability import tracer

told = []

class Emitter:
    def send_entity(self, entity):
        told.append(entity.name)

class DynamoDb(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"TableNames": []}')

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), DynamoDb)
threading.Thread(target=server.serve_forever, daemon=True).start()
xray_recorder.configure(emitter=Emitter(), sampling=False, streaming_threshold=0)
os.environ["LAMBDA_TASK_ROOT"] = "/var/task"  # from now on; Lambda's own recorder would wait for Lambda's segments
tracer()
xray_recorder.begin_segment("request")
boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{server.server_port}").list_tables()
xray_recorder.end_segment()
print(json.dumps(told))
"""


def test_a_call_to_aws_is_recorded_once() -> None:
    traced = subprocess.run(
        [sys.executable, "-c", TRACED],
        cwd=PROJECT,
        env={**os.environ, **ENVIRONMENT, "POWERTOOLS_TRACE_DISABLED": "false"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(traced.stdout) == ["dynamodb", "request"]
