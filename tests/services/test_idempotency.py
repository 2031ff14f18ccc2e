"""Two requests are the same if name, target and payload are, however numbers are written."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

import pytest

from chalicelib.domain.people.users import Actor, Role
from chalicelib.services.idempotency import Request, once

ACTOR = Actor("default", "veli", Role.WORKER)
REQUEST = Request("key-1")


@dataclass(frozen=True)
class Quantity:
    good: Decimal


def fingerprint(payload: object, name: str = "report", target: str = "WO-1-01") -> str:
    single = once(ACTOR, REQUEST, name, target, payload)
    assert single is not None
    return single.fingerprint


@pytest.mark.parametrize(
    ("one", "other"), [("5", "5.0"), ("5", "5.000"), ("0", "0.0"), ("50", "5E+1"), ("0.5", "0.50"), ("1000", "1E+3")]
)
def test_a_number_in_another_form_is_the_same_payload(one: str, other: str) -> None:
    assert fingerprint(Quantity(Decimal(one))) == fingerprint(Quantity(Decimal(other)))


@pytest.mark.parametrize("other", ["50", "0.5", "5.001", "-5"])
def test_another_number_is_another_payload(other: str) -> None:
    assert fingerprint(Quantity(Decimal(5))) != fingerprint(Quantity(Decimal(other)))


def test_a_release_changes_no_fingerprint_for_keys_are_remembered_for_30_days() -> None:
    known = b'["report", "WO-1-01", {"good": "50"}]'
    assert fingerprint(Quantity(Decimal("50.0"))) == hashlib.sha256(known).hexdigest()


def test_another_name_or_target_is_another_request() -> None:
    assert len({fingerprint([]), fingerprint([], name="done"), fingerprint([], target="WO-1-02")}) == 3


def test_without_a_key_or_as_a_dry_run_nothing_must_happen_only_once() -> None:
    assert once(ACTOR, Request(), "report", "WO-1-01", []) is None
    assert once(ACTOR, Request("key-1", dry_run=True), "report", "WO-1-01", []) is None
