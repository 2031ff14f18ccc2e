"""The catalogue of events in the documents: an independent library reads its examples."""

import json
import re

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from chalicelib.domain.telling.events import EventType
from infra.documents.derived import DOCS
from infra.documents.events import MEANINGS, example

TEXT = (DOCS / "events.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (\S+)\n```json\n(.*?)\n```", TEXT, re.MULTILINE | re.DOTALL))


def test_every_type_has_an_example() -> None:
    assert list(EXAMPLES) == list(EventType)


@pytest.mark.parametrize("kind", EventType)
def test_an_example_is_a_cloud_event_of_its_type(kind: EventType) -> None:
    event = JSONFormat().read(None, EXAMPLES[kind])
    assert isinstance(event, CloudEvent)
    assert (event.get_specversion(), event.get_type()) == ("1.0", f"dev.takip.{kind}")
    assert str(event.get_subject()) in json.dumps(event.get_data())


def test_a_status_of_an_example_is_one_that_the_event_leads_to() -> None:
    without = {EventType.MACHINE_ALARM}  # a machine has no status that an alarm leads to
    statuses = {kind: example(kind).data["status"] for kind in EventType if kind not in without}
    named = {"opened": "planned", "started": "in_progress", "acknowledged": "ack", "reported": "open"}
    for kind, status in statuses.items():
        what = kind.partition(".")[2]
        if what in (*named, "done", "cancelled", "paused", "resolved"):
            assert status == named.get(what, what)


def test_every_field_has_a_meaning_and_every_meaning_a_field() -> None:
    assert {field for kind in EventType for field in example(kind).data} == set(MEANINGS)
