"""Requests that are made from the contract, to the deployed system that serves it: every answer is as it says."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from infra.administration import ask, make_admin
from tests.contract_fuzzing import creatable, fuzz, links_followed
from tests.e2e.conftest import ENVIRONMENT, Deployed
from tests.sampling import IS_FULL

TENANT, PASSWORD = "fuzzed", "a-password-for-fuzzing"
# From an order to its stages, their sessions and issues. Right bodies only: a wrong one creates nothing.
FLOOR = ("--mode=positive", *(f"--include-tag={tag}" for tag in ("workorders", "stages", "issues")))
# The listed cases take two minutes. Each phase has its own time, so that a slow one leaves some to the next.
LISTED_SECONDS, MADE_SECONDS, LINKED_SECONDS = (900, 900, 900) if IS_FULL else (10, 6, 8)


@pytest.fixture(scope="module")
def contract(deployed: Deployed) -> bytes:
    """The contract as the system serves it."""
    return httpx.get(f"{deployed.url}/openapi.json", timeout=30).content


@pytest.fixture(scope="module")
def headers(deployed: Deployed) -> Mapping[str, str]:
    """Those of an admin of another tenant and at another address, so that what is made here is in nobody's way."""
    list(ask(deployed.aws, ENVIRONMENT, "create tenant", {"id": TENANT, "settings": {}}))
    make_admin(deployed.aws, ENVIRONMENT, "fuzzer", PASSWORD, TENANT)
    account = {"tenant": TENANT, "username": "fuzzer", "password": PASSWORD}
    signed_in = httpx.post(f"{deployed.url}/auth/login", json=account, timeout=30).json()["data"]
    return {"Authorization": f"Bearer {signed_in['access_token']}", "X-Forwarded-For": "10.9.8.7"}


@pytest.mark.parametrize(
    ("phases", "seconds"), [(("examples", "coverage"), LISTED_SECONDS), (("fuzzing",), MADE_SECONDS)]
)
def test_whatever_is_made_from_the_contract_is_answered_as_it_says(
    deployed: Deployed,
    contract: bytes,
    headers: Mapping[str, str],
    tmp_path: Path,
    phases: Sequence[str],
    seconds: int,
) -> None:
    fuzz(deployed.url, contract, headers, tmp_path, phases, seconds=seconds)


def test_what_was_created_is_answered_as_the_contract_says_wherever_its_links_lead(
    deployed: Deployed, contract: bytes, headers: Mapping[str, str], tmp_path: Path
) -> None:
    given = creatable(contract)
    told = fuzz(deployed.url, given, headers, tmp_path, ("stateful",), seconds=LINKED_SECONDS, options=FLOOR)

    assert links_followed(told) > 0, told[-2_000:]
