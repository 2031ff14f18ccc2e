"""Requests that are made from the published contract, right and wrong ones, are answered as the contract says.

`conftest` checks each answer against the contract. Here requests are made, and none may end in an error of ours.
"""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from chalicelib.domain.people.users import Role
from functions._openapi import document
from tests.floor import Person, Plant, Reply
from tests.phones import employ
from tests.sampling import IS_FULL

FOUND = schemathesis.openapi.from_dict(document()).get_all_operations()
OPERATIONS = [found.ok() for found in FOUND if isinstance(found, Ok)]
# What a test of one plant has: half of the requests name it, so that they come further than to 404.
KNOWN = {"order_id": "WO-1", "stage_id": "WO-1-01", "machine_id": "M1", "product_code": "P-1", "calendar_id": "default"}
LONGEST_URL = 8_000
CREDENTIALS = {"Authorization", "X_Machine_Key"}


def ask(person: Person, case: Case[Any], *, known: bool) -> Reply:
    """Send a generated request, as a client that was generated from the contract would."""
    sent = case.as_transport_kwargs(base_url="http://takip")
    path = case.path.format(
        **{
            name: KNOWN[name] if known and name in KNOWN else quote(str(value), safe="")
            for name, value in case.path_parameters.items()
        }
    )
    query = urlencode([(name, each) for name, value in (sent["params"] or {}).items() for each in _several(value)])
    given = {name.replace("-", "_"): str(value) for name, value in (case.headers or {}).items()}
    headers = {name: value for name, value in given.items() if name not in CREDENTIALS}
    return person.call(case.method, f"{path}?{query}"[:LONGEST_URL], _body(sent), **headers)


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _body(sent: dict[str, Any]) -> bytes | None:
    if sent.get("json") is not None:
        return json.dumps(sent["json"]).encode()
    data = sent.get("data")
    return data.encode() if isinstance(data, str) else data


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_whatever_is_made_from_the_contract_is_answered_as_it_says(floor: Plant, mode: GenerationMode) -> None:
    people = [employ(floor, f"{role} with a password", role) for role in Role]
    floor.order({"name": "Montaj", "assignee_ids": [each.id for each in people]}, id="WO-1", product_code="P-1")

    @settings(
        max_examples=2_000 if IS_FULL else 100,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(OPERATIONS))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        person = data.draw(st.sampled_from(people))
        reply = ask(person, case, known=data.draw(st.booleans()))
        assert reply.status < 500, (case.method, case.path, case.body, reply.body)

    asked()
