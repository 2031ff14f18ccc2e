"""Messages that belong to no tenant: nobody's admin sees them, the operator does."""

import json

import pytest

from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Chosen
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import Ingested, ingest
from chalicelib.services.machines.quarantine import page, strays
from tests.machines import arrived, install, message, part, standing, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

ADMIN_OF_DEFAULT = Actor("default", "ada", Role.ADMIN)


@pytest.mark.parametrize(
    ("tenant", "codes"), [("nort", ["unknown_tenant"]), ("North Plant", ["bad_id"]), (5, ["bad_id"])]
)
def test_a_message_that_belongs_to_no_tenant_is_the_operators_to_see(tenant: object, codes: list[str]) -> None:
    install("M1")
    tenants.create("north", DEFAULT_SETTINGS)
    body = json.dumps({"tenant": tenant, "machine_id": "M1", "readings": [part()]})

    assert ingest(arrived(body, message("M1", part()))) == Ingested(readings=1, chunks=1, quarantined=1, strays=1)

    (aside,) = strays(limit=10)
    assert quarantine.original(aside) == (body, True)
    assert [reason.code for reason in quarantine.reasons(aside)] == codes
    assert page(ADMIN_OF_DEFAULT, Chosen(), limit=10, cursor=None).items == []


def test_a_wrong_message_of_a_tenant_that_is_there_is_that_tenants() -> None:
    tenants.create("north", DEFAULT_SETTINGS)

    assert ingest(arrived('{"tenant": "north", "machine_id": "M1"}', "{")).strays == 0

    assert {each.PK for each in standing("quarantined")} == {
        "T#north#QUARANTINE#2026-01-05",
        "T#default#QUARANTINE#2026-01-05",
    }


def test_tenants_are_remembered_for_a_minute_and_unknown_ones_never() -> None:
    bodies = [json.dumps({"tenant": tenant, "machine_id": "M1"}) for tenant in ("north", "south", "nort")]
    tenants.create("north", DEFAULT_SETTINGS)
    tenants.create("south", DEFAULT_SETTINGS)
    with watched() as first:
        ingest(arrived(*bodies))
    with watched() as known:
        ingest(arrived(*bodies[:2]))
    tenants.create("nort", DEFAULT_SETTINGS)

    assert (first, known) == (["BatchGetItem", *["BatchWriteItem"] * 3], ["BatchWriteItem"] * 2)
    assert ingest(arrived(bodies[2])).strays == 0
