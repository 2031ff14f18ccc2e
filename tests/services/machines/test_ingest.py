"""Ingest: nothing that a machine sends is lost, and no message harms another."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import Ingested, ingest
from chalicelib.storage import markers
from chalicelib.storage.machines import chunks
from tests.conftest import SetClock
from tests.floor import MORNING
from tests.machines import arrived, install, message, part, refusal, standing, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

SEVEN = datetime(2026, 1, 5, 7, tzinfo=UTC)


def set_aside() -> list[tuple[Quarantined, list[str]]]:
    """What is in quarantine, with the codes of the reasons."""
    messages = [each.read(Quarantined) for each in standing("quarantined")]
    return [(each, [reason.code for reason in quarantine.reasons(each)]) for each in messages]


def stored(machine_id: str, hour: datetime = SEVEN) -> list[float | str]:
    """The values that stand in the chunks of a machine and hour."""
    return sorted(reading.value for reading in chunks.readings_of("default", MachineHour(machine_id, hour)))


def marked() -> set[MachineHour]:
    return {hour for marker in markers.pending() for hour in marker.machine_hours}


def test_readings_become_chunks_by_machine_and_hour_and_markers_name_these() -> None:
    install("M1", "M2")
    result = ingest(
        arrived(
            message("M1", part(1.0), part(2.0, at="2026-01-05T06:59:59.999999Z")),
            message("M2", part(3.0)),
            message("M1", part(4.0, at="2026-01-05T07:59:59Z")),
        )
    )
    assert result == Ingested(readings=4, chunks=3, quarantined=0)
    assert (stored("M1"), stored("M1", SEVEN - timedelta(hours=1)), stored("M2")) == ([1.0, 4.0], [2.0], [3.0])
    assert sorted(len(marker.machine_hours) for marker in markers.pending()) == [1, 2]
    assert {marker.at for marker in markers.pending()} == {MORNING}
    assert marked() == {
        MachineHour("M1", SEVEN),
        MachineHour("M1", SEVEN - timedelta(hours=1)),
        MachineHour("M2", SEVEN),
    }


def test_a_batch_costs_a_read_of_unknown_machines_and_tenants_a_write_of_chunks_and_of_markers() -> None:
    install("M1", "M2")
    batch = arrived(message("M1", part()), message("M2", part()))
    with watched() as first:
        ingest(batch)
    with watched() as second:
        ingest(batch)
    assert first == ["BatchGetItem", "GetItem", "BatchWriteItem", "BatchWriteItem"]
    assert second == ["BatchWriteItem", "BatchWriteItem"]


def test_chunks_are_written_25_a_request() -> None:
    install(*(f"M{n}" for n in range(26)))
    with watched() as called:
        ingest(arrived(*(message(f"M{n}", part()) for n in range(26))))
    assert called.count("BatchWriteItem") == 2 + 1
    assert len(standing("chunk")) == 26
    assert len(standing("marker")) <= len(markers.MACHINE_BUCKETS)


def test_a_redelivered_batch_changes_nothing_but_leaves_another_marker() -> None:
    install("M1")
    batch = arrived(message("M1", part(1.0), part("2")))
    ingest(batch)
    before = [each.serialize() for each in standing("chunk") + standing("quarantined")]
    ingest(batch)
    assert len(markers.pending()) == 2
    assert [each.serialize() for each in standing("chunk") + standing("quarantined")] == before


def test_good_readings_are_kept_and_the_message_is_set_aside_whole_with_every_reason() -> None:
    install("M1")
    body = message("M1", part(1.0), part("warm"), part(1e300), part(2.0, at="2026-01-05T08:05:01Z"))
    assert ingest(arrived(body)) == Ingested(readings=1, chunks=1, quarantined=1)
    assert stored("M1") == [1.0]
    ((aside, codes),) = set_aside()
    assert codes == ["not_a_number", "out_of_range", "in_the_future"]
    assert quarantine.original(aside) == (body, True)
    assert (aside.machine_id, aside.sent_at) == ("M1", MORNING)


@pytest.mark.parametrize("body", ["", "{", "[]", '{"machine_id": "M1"}', "x" * 300_000])
def test_a_message_that_cannot_be_read_is_set_aside_and_touches_no_hour(body: str) -> None:
    install("M1")
    assert ingest(arrived(body)) == Ingested(readings=0, chunks=0, quarantined=1)
    ((aside, _),) = set_aside()
    assert quarantine.original(aside) == (body, True)
    assert markers.pending() == []


def test_a_message_of_an_unknown_machine_waits_in_quarantine_and_is_taken_once_the_machine_is_known() -> None:
    body = message("M1", part(1.0))
    ingest(arrived(body))
    assert [codes for _, codes in set_aside()] == [["unknown_machine"]]
    install("M1")
    ingest(arrived(body))
    assert stored("M1") == [1.0]


def test_a_known_machine_is_remembered_for_a_minute(set_clock: SetClock) -> None:
    install("M1")
    ingest(arrived(message("M1", part(1.0))))
    install("M1", sensors=(Sensor("main", "temperature", max=0.0),))
    set_clock.forward(timedelta(seconds=59))
    assert ingest(arrived(message("M1", part(2.0)))).quarantined == 0
    set_clock.forward(timedelta(seconds=1))
    assert ingest(arrived(message("M1", part(3.0)))).quarantined == 1


def test_a_tenants_message_is_its_own() -> None:
    install("M1")
    tenants.create("other", DEFAULT_SETTINGS)
    ingest(arrived(json.dumps({"tenant": "other", "machine_id": "M1", "readings": [part()]})))
    assert [codes for _, codes in set_aside()] == [["unknown_machine"]]
    assert [each.PK for each in standing("quarantined")] == ["T#other#QUARANTINE#2026-01-05"]


def test_the_same_wrong_message_is_set_aside_once_a_day() -> None:
    wrong, later = arrived("{", "{"), arrived("{", sent_at=MORNING + timedelta(days=1))
    ingest([*wrong, *arrived("{", sent_at=MORNING + timedelta(hours=1))])
    ingest(wrong)
    assert len(standing("quarantined")) == 1
    ingest(later)
    assert len(standing("quarantined")) == 2


def test_one_poison_message_among_ten_thousand_costs_nobody_else_anything() -> None:
    machine_ids = [f"M{n}" for n in range(20)]
    install(*machine_ids)
    bodies = [
        message(machine_ids[n % 20], part(20.0, at=(SEVEN + timedelta(microseconds=n)).isoformat()))
        for n in range(10_000)
    ]
    bodies[4_711] = '{"machine_id": "M11", "readings": [' * 5_000
    with watched() as called:
        assert ingest(arrived(*bodies)) == Ingested(readings=9_999, chunks=20, quarantined=1)
    assert called == ["BatchGetItem", "GetItem", *["BatchWriteItem"] * 3]
    assert [len(stored(machine_id)) for machine_id in machine_ids] == [500] * 11 + [499] + [500] * 8


def test_readings_that_storage_refuses_are_set_aside_and_the_others_are_stored() -> None:
    install("M1", "M2", "M3")

    def refuse(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "BatchWriteItem" and "#MACHINE#M2#" in json.dumps(parameters, default=str):
            raise refusal("ValidationException", operation)

    bodies = [message(f"M{n}", part(float(n))) for n in (1, 2, 3)]
    with watched(refuse):
        result = ingest(arrived(*bodies))
    assert result.quarantined == 1
    assert (stored("M1"), stored("M2"), stored("M3")) == ([1.0], [], [3.0])
    ((aside, codes),) = set_aside()
    assert (quarantine.original(aside), codes) == ((bodies[1], True), ["refused_by_storage"])
    assert marked() >= {MachineHour("M1", SEVEN), MachineHour("M3", SEVEN)}


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "InternalServerError", "ThrottlingException"]
)
@pytest.mark.parametrize("operation", ["BatchGetItem", "BatchWriteItem"])
def test_where_storage_is_away_the_whole_batch_comes_again_and_nobody_is_set_aside(
    operation: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    install("M1")

    def away(called: str, _: dict[str, Any]) -> None:
        if called == operation:
            raise refusal(code, called)

    batch = arrived(message("M1", part(1.0)))
    with watched(away), pytest.raises(StorageUnavailable):
        ingest(batch)
    assert (standing("quarantined"), markers.pending()) == ([], [])
    ingest(batch)
    assert (stored("M1"), marked()) == ([1.0], {MachineHour("M1", SEVEN)})


def test_what_a_request_leaves_over_is_sent_again() -> None:
    install("M1")
    refused: list[object] = []

    def leave_over(operation: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
        if operation != "BatchWriteItem" or refused:
            return None
        refused.append(parameters["RequestItems"])
        return {"UnprocessedItems": parameters["RequestItems"]}

    with watched(leave_over):
        ingest(arrived(message("M1", part(1.0))))
    assert stored("M1") == [1.0]


def test_chunks_stand_before_their_marker() -> None:
    install("M1")

    def crash(operation: str, parameters: dict[str, Any]) -> None:
        if "DIRTY#" in json.dumps(parameters, default=str):
            raise KeyboardInterrupt

    with watched(crash), pytest.raises(KeyboardInterrupt):
        ingest(arrived(message("M1", part(1.0))))
    assert (stored("M1"), markers.pending()) == ([1.0], [])


def test_a_marker_never_grows_too_large_for_an_item() -> None:
    machine_id = "M" * 64
    install(machine_id)
    hours = [SEVEN - timedelta(hours=n) for n in range(1_001)]
    parts = [part(1.0, at=hour.isoformat()) for hour in hours]
    ingest(arrived(message(machine_id, *parts[:600]), message(machine_id, *parts[600:])))
    assert sorted(len(marker.machine_hours) for marker in markers.pending()) == [1, 1_000]
    assert marked() == {MachineHour(machine_id, hour) for hour in hours}


def test_an_empty_batch_writes_nothing() -> None:
    with watched() as called:
        assert ingest([]) == Ingested(readings=0, chunks=0, quarantined=0)
    assert called == []
