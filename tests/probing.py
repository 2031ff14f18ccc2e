"""The functions that the probe calls: the doors of this process."""

import json
from collections.abc import Callable
from typing import Any

from app import app
from functions.aggregate_bucket import aggregate_bucket
from functions.ingest_readings import ingest_readings
from tests.lambdas import LambdaContext

DOORS: dict[str, Callable[[Any, Any], Any]] = {
    "api_handler": app,
    "ingest_readings": ingest_readings,
    "aggregate_bucket": aggregate_bucket,
}


def call(function: str, event: dict[str, Any]) -> Any:
    """Call a door with an event as it comes from AWS: through JSON."""
    return DOORS[function](json.loads(json.dumps(event)), LambdaContext())
