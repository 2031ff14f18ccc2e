"""Messages that are made to harm: they go to quarantine, and the others of their batch do not notice."""

import json
from array import array
from hashlib import shake_256

import pytest

from chalicelib.domain.machines.messages import MAX_BYTES
from chalicelib.domain.machines.quarantine import Quarantined, reasons, wrong_places
from chalicelib.domain.machines.readings import microseconds
from chalicelib.domain.machines.tags import Tag
from chalicelib.domain.markers import MachineHour
from chalicelib.services.machines.ingest import Ingested, ingest
from chalicelib.storage.machines import chunks
from tests import tahu
from tests.edge_nodes import SEVEN, birth, later, published
from tests.machines import arrived, install, message, part, standing

pytestmark = pytest.mark.usefixtures("table", "set_clock")

LETTERS = [
    chr(code) for first, end in ((0x3400, 0x4DB0), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3)) for code in range(first, end)
]
"""Tens of thousands of letters: a text of them hardly compresses."""


def test_reasons_that_repeat_hundreds_of_long_tags_do_not_make_a_message_too_large_to_be_kept() -> None:
    install("M1", "M2")
    noise = array("H", shake_256(b"noise").digest(2 * 128 * 630))
    letters = "".join(LETTERS[each % len(LETTERS)] for each in noise)
    parts = [{"tag": letters[start : start + 128], "value": 1} for start in range(0, len(letters), 128)]
    body = json.dumps({"machine_id": "M1", "readings": parts}, ensure_ascii=False, separators=(",", ":"))
    assert MAX_BYTES * 0.95 < len(body.encode()) <= MAX_BYTES

    assert ingest(arrived(body, message("M2", part()))) == Ingested(readings=1, chunks=1, quarantined=1)
    (kept,) = (each.read(Quarantined) for each in standing("quarantined"))
    assert {each.code for each in reasons(kept)} == {"unmapped_tag", "required"}
    assert "with PATCH /machines/M1" in reasons(kept)[0].message
    assert set(wrong_places(kept) or ()) == {f"readings[{n}]" for n in range(630)}


@pytest.mark.parametrize("clock", [1_767_596_400_000_000, 2**64 - 1])
def test_a_payload_of_an_instant_that_no_calendar_has_is_read_with_the_newest_birth(clock: int) -> None:
    install("M1", tags=(Tag("A", "custom", "a"),))
    install("M2")
    at = microseconds(later(20)) // 1_000
    payload = tahu.Payload(timestamp=clock, seq=3, metrics=[{"alias": 7, "timestamp": at, "double_value": 1.5}])
    bodies = [birth(0, {7: "A"}), published(payload.SerializeToString()), message("M2", part())]

    assert ingest(arrived(*bodies)) == Ingested(readings=2, chunks=2, quarantined=0, nulls=1)
    assert [each.value for each in chunks.readings_of("default", MachineHour("M1", SEVEN))] == [1.5]
