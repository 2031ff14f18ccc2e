"""Erasing: a person's names are found in whole words, in any case of letters, and nothing else is touched."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.people.erasing import erased, goes, names, person, without
from chalicelib.domain.people.users import Role, User
from tests.floor import MORNING

ISIL = User("01HISIL", "isil.ay", Role.WORKER, MORNING, "Işıl Ay", "isil@example.com", phone="117")
HER, STANDS = person(ISIL), "Silinmiş kişi ISIL"


def item(kind: str, pk: str = "T#t#ORDER#1", /, **data: Any) -> dict[str, Any]:
    return {"PK": pk, "SK": "X", "kind": kind, "data": data}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Işıl Ay geldi", f"{STANDS} geldi"),
        ("IŞIL AY'ın yeri", f"{STANDS}'ın yeri"),
        ("isil.ay, işıl ay", f"{STANDS}, {STANDS}"),
        ("Işıl Aydın geldi", None),
        ("isil.ayak", None),
        ("", None),
    ],
)
def test_a_name_is_replaced_in_whole_words(before: str, after: str | None) -> None:
    found = without(HER, item("issue", description=before))
    assert (found and found["data"]["description"]) == after


def test_only_texts_are_searched_however_deep_and_names_of_own_things() -> None:
    deep = {"changes": {"note": ["Işıl Ay", 3]}, "stage_name": "Işıl Ay", "by": HER.id}
    found = without(HER, item("command", **deep))
    assert found is not None
    assert found["data"] == {**deep, "changes": {"note": [STANDS, 3]}}
    assert without(HER, item("machine", name="Işıl Ay")) is None
    assert without(HER, item("terminal", name="Işıl Ay")) is not None
    assert without(HER, item("user", note="Işıl Ay")) is None


def test_where_somebody_came_from_goes_from_their_events_alone() -> None:
    hers = without(HER, item("security_event", user_id=HER.id, address="10.0.0.1", kind="signed_in"))
    assert hers is not None
    assert hers["data"] == {"user_id": HER.id, "kind": "signed_in"}
    assert without(HER, item("security_event", user_id="U2", address="10.0.0.1")) is None


def test_what_is_theirs_goes_and_what_only_names_them_stays() -> None:
    assert goes(HER, item("device", f"T#t#USER#{HER.id}"), "d1")
    assert goes(HER, item("badge", user_id=HER.id), "d1")
    assert not goes(HER, item("notification", "T#t#INBOX#ROLE#planner", assignee_id=HER.id), "d1")
    assert goes(HER, item("throttle", "T#t#THROTTLE#sign_in#d1"), "d1")
    assert not goes(HER, item("session", worker_id=HER.id), "d1")
    assert goes(HER, item("idempotency_key", "T#t#KEYS#anonymous isil.ay"), "d1")
    assert goes(HER, item("board", stages=[{"workers": ["Işıl Ay"]}]), "d1")
    assert goes(HER, item("presence", people=[{"id": HER.id, "name": "Işıl Ay"}]), "d1")
    assert not goes(HER, item("board", stages=[]), "d1")


def test_they_are_named_by_their_id_or_in_a_text() -> None:
    assert names(HER, item("session", worker_id=HER.id))
    assert names(HER, item("stage", assignee_ids=["U2", HER.id]))
    assert names(HER, item("board", seen={HER.id: 1}))
    assert names(HER, item("assignment", f"T#t#WORKER#{HER.id}"))
    assert names(HER, item("issue", description="Işıl Ay"))
    assert not names(HER, item("issue", description="Oil", created_by="U2", count=3))


def test_an_erased_person_has_nothing_but_their_id_role_and_time() -> None:
    after = erased(ISIL, MORNING)
    assert (after.id, after.role, after.created_at) == (ISIL.id, ISIL.role, ISIL.created_at)
    assert (after.name, after.username, after.email, after.phone) == (STANDS, "silinmis-01hisil", None, None)
    assert (after.active, after.erased_at, after.version) == (False, MORNING, 2)


def test_a_short_username_is_not_looked_for_and_other_names_are() -> None:
    short = person(replace(ISIL, username="ay", full_name=None), ["Işılcım"])
    assert without(short, item("issue", description="bir ay")) is None
    assert without(short, item("issue", description="Işılcım")) is not None
