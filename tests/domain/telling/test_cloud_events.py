"""Events as CloudEvents: an independent library reads them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from chalicelib.domain.telling.cloud_events import written
from chalicelib.domain.telling.events import Event, EventType
from tests.domain.builders import MORNING

EVENT = Event(
    "E-1",
    EventType.STAGE_DONE,
    "acme",
    MORNING,
    "WO-1-01",
    {"good": Decimal("2.5"), "scrap": Decimal(3), "reason": None},
)


def read(text: str) -> CloudEvent:
    """The event as the library of the CloudEvents project reads it."""
    event = JSONFormat().read(None, text)
    assert isinstance(event, CloudEvent)
    return event


def test_the_library_reads_what_is_written() -> None:
    event = read(written(EVENT, "prod"))

    assert (event.get_specversion(), event.get_id(), event.get_type()) == ("1.0", "E-1", "dev.takip.stage.done")
    assert (event.get_source(), event.get_subject()) == ("/takip/prod/tenants/acme", "WO-1-01")
    assert (event.get_time(), event.get_extension("tenant")) == (MORNING, "acme")
    assert event.get_data() == {"good": 2.5, "scrap": 3, "reason": None}


def test_the_library_refuses_what_is_no_cloud_event() -> None:
    with pytest.raises(BaseCloudEventException):
        read(written(replace(EVENT, id=""), "prod"))


def test_text_stays_as_people_wrote_it() -> None:
    told = written(replace(EVENT, data={"description": "Sıcaklık 🔥 \u05d0"}), "dev")
    assert "Sıcaklık 🔥 \u05d0" in told
