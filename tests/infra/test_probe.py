"""The probe of a release, against the doors in this process."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app import app
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services import tenants
from chalicelib.services.people.users import create_admin
from functions.aggregate_bucket import aggregate_bucket
from functions.ingest_readings import ingest_readings
from infra import probe
from infra.problem import Problem
from tests.lambdas import LambdaContext

PASSWORD = "long enough for a probe"
DOORS: dict[str, Callable[[Any, Any], Any]] = {
    "api_handler": app,
    "ingest_readings": ingest_readings,
    "aggregate_bucket": aggregate_bucket,
}


@pytest.fixture(autouse=True)
def company(table: None) -> None:
    """The tenant of probes, and an admin of it."""
    tenants.create(probe.TENANT, TenantSettings())
    create_admin(probe.TENANT, "probe-1", PASSWORD)


def call(function: str, event: dict[str, Any]) -> Any:
    # As it comes from AWS: through JSON.
    return DOORS[function](json.loads(json.dumps(event)), LambdaContext())


def test_a_release_that_works_passes_again_and_again() -> None:
    probe.run(call, "probe-1", PASSWORD)
    create_admin(probe.TENANT, "probe-2", PASSWORD)
    probe.run(call, "probe-2", PASSWORD)
    with pytest.raises(Problem, match=r"POST /auth/login was answered 40[13]"):
        probe.run(call, "probe-1", PASSWORD)


def test_what_a_release_answers_wrong_is_told() -> None:
    def forgets_markers(function: str, event: dict[str, Any]) -> Any:
        return {} if function == "aggregate_bucket" else call(function, event)

    with pytest.raises(Problem, match=r"found 0 for the readings in the rollup of this hour, and expected 1"):
        probe.run(forgets_markers, "probe-1", PASSWORD)


def test_a_request_that_fails_is_told_with_its_answer() -> None:
    def broken(function: str, event: dict[str, Any]) -> Any:
        if event.get("path", "").endswith("/done"):
            return {"statusCode": 500, "body": '{"error": "ERR_INTERNAL"}'}
        return call(function, event)

    with pytest.raises(Problem, match=r"POST /stages/[\w-]+/done was answered 500: .*ERR_INTERNAL"):
        probe.run(broken, "probe-1", PASSWORD)
