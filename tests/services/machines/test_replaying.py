"""Replaying: what waits in quarantine is taken in once it is put right, whatever crashes or changes meanwhile."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.domain.machines import quarantine as rules
from chalicelib.domain.machines.machines import ChangeMachine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.machines.tags import Tag
from chalicelib.domain.markers import Clearing, Fate
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.idempotency import Request
from chalicelib.services.machines import known_machines, machines, replaying
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage import markers
from chalicelib.storage.machines import quarantine
from tests.conftest import SetClock
from tests.disturbances import Crash, after, at_commit, crash
from tests.floor import Plant
from tests.machines import arrived, install, message, part, refusal, standing, standing_rollups, watched
from tests.services.replayed import ask, counts, settle, waits, work

pytestmark = pytest.mark.usefixtures("table", "set_clock")

PLANNER = Actor(DEFAULT_TENANT, "pelin", Role.PLANNER)
WIDE = (Sensor("main", "temperature", max=2_000.0),)
NARROW = (Sensor("main", "temperature", max=10.0),)


def test_a_machine_that_is_registered_later_gets_what_it_sent(plant: Plant, set_clock: SetClock) -> None:
    ingest(arrived(message("M1", part(1.0), part(2.0)), message("M2", part(3.0))))
    assert plant.planner.post("/machines", {"id": "M1", "name": "Press"}).status == 201
    settle(set_clock)
    assert (counts(), waits()) == ({"M1": 2}, [{"unknown_machine"}])


def test_a_range_that_is_widened_lets_in_what_was_beyond_it(plant: Plant, set_clock: SetClock) -> None:
    install("M1", sensors=NARROW)
    ingest(arrived(message("M1", part(5.0), part(20.0)), message("M1", part(9_000.0))))
    work()
    wide = [{"sensor": "main", "type": "temperature", "max": 2_000}]
    assert plant.planner.patch("/machines/M1", {"sensors": wide}, If_Match='"1"').status == 200
    settle(set_clock)
    assert (counts(), waits()) == ({"M1": 2}, [{"out_of_range"}])


def test_what_is_parked_by_the_oldest_memory_of_a_machine_at_the_last_moment_is_taken_in(set_clock: SetClock) -> None:
    def just_before() -> None:
        set_clock.forward(timedelta(seconds=28))
        known_machines.find([(DEFAULT_TENANT, "M1")])

    def stalls(_: str, parameters: dict[str, Any]) -> None:
        if "#QUARANTINE#" in json.dumps(parameters, default=str) and not stalled:
            stalled.append(set_clock.forward(timedelta(seconds=59)))
            work()

    stalled: list[datetime] = []
    install("M1", sensors=NARROW)
    with at_commit(before=just_before):  # a request may last 29 seconds, and asks with the time of its beginning
        machines.change(PLANNER, "M1", ChangeMachine(sensors=WIDE), Request(), lambda _: None)
    set_clock.forward(timedelta(seconds=59))
    with watched(stalls):
        ingest(arrived(message("M1", part(20.0))))
    settle(set_clock)
    assert (len(stalled), counts(), waits()) == (1, {"M1": 1}, [])


@pytest.mark.parametrize(("change", "asks"), [({"name": "Lathe"}, False), ({"status": "retired"}, True)])
def test_only_a_change_that_judges_readings_otherwise_asks_for_them(
    plant: Plant, change: dict[str, str], *, asks: bool
) -> None:
    install("M1")
    plant.planner.patch("/machines/M1", change, If_Match='"1"')
    assert bool(markers.pending()) == asks


def test_a_marker_is_written_with_the_machine_or_not_at_all(plant: Plant) -> None:
    plant.planner.post("/machines?dry_run=1", {"id": "M1", "name": "Press"})
    assert markers.pending() == []
    with watched() as called:
        plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    assert called.count("TransactWriteItems") == 1
    assert len(markers.pending()) == 1


def test_where_nothing_waits_it_costs_one_query() -> None:
    wanted, long_ago = Clearing(Fate.TAKE_IN, "M1"), datetime(2020, 1, 1, tzinfo=UTC)
    with watched() as called:
        assert replaying.clear(DEFAULT_TENANT, wanted, long_ago, lambda: timedelta(hours=1))
    assert called == ["Query"]


def test_what_comes_after_it_was_passed_is_taken_in_too(set_clock: SetClock) -> None:
    """Another worker judged it by what it remembered, and wrote it late."""
    ask()
    install("M1", sensors=WIDE)
    work()
    late = rules.set_aside(message("M1", part(1_500.0)), arrived("")[0].sent_at, "M1", [])
    quarantine.write(DEFAULT_TENANT, [late])
    settle(set_clock)
    assert (counts(), waits()) == ({"M1": 1}, [])


def test_a_message_that_is_still_wrong_has_its_reasons_of_now() -> None:
    ingest(arrived(message("M1", part("warm"))))
    assert waits() == [{"unknown_machine"}]
    install("M1")
    ask()
    work()
    assert waits() == [{"not_a_number"}]
    with watched() as called:
        work()
    assert "BatchWriteItem" not in called
    assert "PutItem" not in called


def test_what_was_accepted_is_not_judged_again_by_another_tag_map(set_clock: SetClock) -> None:
    sent = [{"tag": tag, "value": 1.0, "at": "2026-01-05T07:10:00Z"} for tag in ("a", "b")]
    install("M1", tags=(Tag("a", "power"),))
    ingest(arrived(message("M1", *sent)))
    install("M1", tags=(Tag("a", "power", scale=2), Tag("b", "speed")))
    ask()
    settle(set_clock)
    counts()
    assert {key[3]: rollup.numbers.last for key, rollup in standing_rollups().items()} == {"power": 1.0, "speed": 1.0}
    assert waits() == []


def test_a_reading_from_the_future_is_wrong_for_ever(set_clock: SetClock) -> None:
    install("M1")
    ingest(arrived(message("M1", part(1.0, at="2026-01-05T09:00:00Z"))))
    set_clock.forward(timedelta(hours=2))
    ask()
    work()
    assert waits() == [{"in_the_future"}]


def test_a_message_that_was_cut_is_not_taken_in() -> None:
    with patch.object(rules, "MAX_BYTES", 20):
        ingest(arrived(message("M1", part(1.0))))
    install("M1")
    ask()
    assert work().failed == 0
    assert waits() == [{"unknown_machine"}]


def test_readings_that_storage_refuses_stay() -> None:
    def refuse(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "BatchWriteItem" and "CHUNK#" in json.dumps(parameters, default=str):
            raise refusal("ValidationException", operation)

    install("M1")
    with watched(refuse):
        ingest(arrived(message("M1", part(1.0))))
        ask()
        work()
        assert waits() == [{"refused_by_storage"}]
    ask()
    work()
    assert (counts(), waits()) == ({"M1": 1}, [])


def test_a_message_of_no_tenant_goes_to_its_tenant_once_there_is_one() -> None:
    bodies = [json.dumps({"tenant": "north", "machine_id": "M1", "readings": [part(1.0)]}), '{"tenant": 5}']
    ingest(arrived(*bodies))
    tenants.create("north", DEFAULT_SETTINGS)
    strays = [each.read(Quarantined) for each in standing("quarantined")]
    assert [each.after is None for each in replaying.take_in(None, strays)] == [False, False]
    assert sorted(each.PK for each in standing("quarantined")) == ["STRAYS", "T#north#QUARANTINE#2026-01-05"]


def test_a_message_that_changed_meanwhile_is_not_deleted() -> None:
    ingest(arrived(message("M1", part(1.0))))
    install("M1")
    (before,) = (each.read(Quarantined) for each in standing("quarantined"))
    changed = rules.set_aside(message("M1", part(1.0)), before.sent_at, "M1", [])
    quarantine.write(DEFAULT_TENANT, [changed])
    assert [each.after for each in replaying.take_in(DEFAULT_TENANT, [before])] == [None]
    assert waits() == [set()]


def test_a_crash_between_any_two_steps_loses_nothing_and_takes_nothing_twice(set_clock: SetClock) -> None:
    steps = ["Query", "Query", "BatchGetItem", "GetItem", "BatchWriteItem", "BatchWriteItem"]
    steps += ["DeleteItem", "PutItem", "BatchWriteItem", "Query"]
    for step in range(len(steps) + 1):
        machine_id = f"M{step}"
        sent = [message(machine_id, part(1.0), part("warm")), message(machine_id, part(2.0))]
        ingest(arrived(*sent))
        install(machine_id)
        ask(machine_id)
        set_clock.forward(replaying.SETTLED)
        with watched(after(step, crash)) as called, suppress(Crash):
            work()
        assert len(called) == min(step + 1, len(steps))
        assert step < len(steps) or sorted(called) == sorted(steps)
        settle(set_clock)
    assert counts() == {f"M{n}": 2 for n in range(len(steps) + 1)}
    assert waits() == [{"not_a_number"}] * (len(steps) + 1)


def test_quarantine_is_last_so_a_machine_that_floods_it_holds_nobody_up() -> None:
    def die(_: str, parameters: dict[str, Any]) -> None:
        if "#QUARANTINE#" in json.dumps(parameters, default=str):
            raise Crash

    install("M1")
    flood = [message("M9", part(float(n))) for n in range(100)]
    with watched(die), pytest.raises(Crash):
        ingest(arrived(*flood, message("M1", part(1.0))))
    assert (counts(), waits()) == ({"M1": 1}, [])
