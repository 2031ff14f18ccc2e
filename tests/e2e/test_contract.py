"""The deployed system publishes its contract."""

import httpx

from functions._openapi import document
from infra.documents.derived import load_everything
from tests.e2e.conftest import Deployed


def test_the_deployed_system_publishes_the_contract_of_this_code(deployed: Deployed) -> None:
    load_everything()
    answer = httpx.get(f"{deployed.url}/openapi.json", timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json() == document()
