"""Whom an event concerns: the topics on which they hear that something changed."""

from chalicelib.domain.people.users import TAKIP
from chalicelib.domain.telling.events import Event, EventType
from chalicelib.domain.telling.live import concerned
from tests.floor import MORNING


def test_an_issue_of_a_machine_concerns_no_order_and_takip_hears_nothing() -> None:
    data = {"issue_id": "I1", "work_order_id": None, "by": None, "created_by": TAKIP, "assignee_id": "veli"}
    event = Event("E-1", EventType.ISSUE_REPORTED, "acme", MORNING, "I1", data)
    assert concerned([event, event]) == {"acme": ["takip/acme/live/issues", "takip/acme/live/user/veli"]}


def test_an_order_concerns_its_people_and_no_issue() -> None:
    data = {"work_order_id": "WO-1", "by": "pelin", "assignee_ids": ["veli", "oya"]}
    event = Event("E-1", EventType.ORDER_OPENED, "acme", MORNING, "WO-1", data)
    topics = ["orders", "user/pelin", "user/veli", "user/oya"]
    assert concerned([event]) == {"acme": [f"takip/acme/live/{topic}" for topic in topics]}
