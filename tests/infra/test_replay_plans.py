"""The folders of factory data become plans without losses and without duplicates."""

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from infra.problem import Problem
from infra.replay import bottling_line, production_log
from infra.replay.folders import read_folder
from infra.replay.manner import Manner
from infra.replay.plan import Booking, FloorPlan, Order, Question, ReadingsPlan, minutes, slug, wire
from infra.replay.readings_queue import BYTES_A_REQUEST, MESSAGES_A_REQUEST, batches
from infra.replay.roads import messages
from infra.replay.sequence import steps
from infra.replay.steps import Done, Step

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(folder: str) -> Path:
    if not (DATA / folder).is_dir():
        pytest.skip(f"the real data of {folder} is not beside the project")
    return DATA / folder


def floor(folder: str) -> FloorPlan:
    plan = read_folder(real(folder))
    assert isinstance(plan, FloorPlan)
    return plan


def measured(folder: str) -> ReadingsPlan:
    plan = read_folder(real(folder))
    assert isinstance(plan, ReadingsPlan)
    return plan


def union_minutes(bookings: list[Booking]) -> float:
    total, until = timedelta(0), datetime.min.replace(tzinfo=bookings[0].started_at.tzinfo)
    for booking in sorted(bookings, key=lambda b: b.started_at):
        total += max(timedelta(0), booking.ended_at - max(until, booking.started_at))
        until = max(until, booking.ended_at)
    return minutes(total)


# ------------------------------------------------------------------------------------------------------- production log


def test_the_production_log_is_75_orders_453_stages_and_1669_sessions() -> None:
    plan = floor("production_log")
    assert len(plan.orders) == 75
    assert sum(len(order.stages) for order in plan.orders) == 453
    assert sum(len(order.bookings) for order in plan.orders) == 1669
    assert len(plan.people) == 39
    assert len({machine.id for machine in plan.machines}) == len(plan.machines) == 25


def test_every_session_of_the_log_has_a_key_of_its_own_that_is_the_same_in_every_run() -> None:
    first, second = floor("production_log"), floor("production_log")
    keys = [booking.key for order in first.orders for booking in order.bookings]
    assert keys == [booking.key for order in second.orders for booking in order.bookings]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("column", "other"), [("kind", "S"), ("good", "9"), ("rejected", "9"), ("mrb", "9")])
def test_rows_that_differ_only_in_type_or_quantity_have_different_keys(tmp_path: Path, column: str, other: str) -> None:
    times = "2012/01/02 08:00:00.000,2012/01/02 09:00:00.000,001:00"
    row = {"kind": "D", "good": "1", "rejected": "0", "mrb": "0"}
    lines = [f"Case 1,Packing,Packing,{times},5,Ring,ID1,{','.join(r.values())}," for r in (row, row | {column: other})]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["headings", *lines, lines[0]]) + "\n", encoding="utf-8")
    rows = production_log.read_rows(log)
    assert len(rows) == 2
    assert rows[0].key != rows[1].key


def test_the_sessions_of_every_order_and_stage_add_up_to_the_checked_answers() -> None:
    plan = floor("production_log")
    for order in plan.orders:
        about = {
            what: plan.expected[Question("order", order.number, what)] for what in ("run_minutes", "labour_minutes")
        }
        assert union_minutes(list(order.bookings)) == about["run_minutes"]
        assert sum(minutes(b.ended_at - b.started_at) for b in order.bookings) == about["labour_minutes"]
        for index, stage in enumerate(order.stages):
            bookings = [booking for booking in order.bookings if booking.stage == index]
            subject = f"{order.number} · {stage.name}"
            assert union_minutes(bookings) == plan.expected[Question("stage", subject, "run_minutes")]
            assert sum(b.good for b in bookings) == plan.expected[Question("stage", subject, "good")]
            assert sum(b.rework for b in bookings) == plan.expected[Question("stage", subject, "rework")]
            assert wire(stage.done_at) == plan.expected[Question("stage", subject, "ended_at")]


def test_the_stages_of_the_log_are_planned_in_order_of_first_start_inside_their_order() -> None:
    for order in floor("production_log").orders:
        starts = [stage.planned_start for stage in order.stages]
        assert starts == sorted(starts)
        for stage in order.stages:
            assert stage.planned_end - stage.planned_start >= timedelta(minutes=1)
            assert order.planned_start <= stage.planned_start
            assert stage.planned_end <= order.planned_end


def test_a_resource_becomes_a_machine_id() -> None:
    assert slug("Machine 7- Laser Marking") == "machine-7-laser-marking"


# -------------------------------------------------------------------------------------------------------- bottling line


def test_the_bottling_line_is_2470_minutes_of_plan_and_3858_of_work() -> None:
    plan = floor("bottling_line")
    assert len(plan.orders) == 38
    assert sum(minutes(order.planned_end - order.planned_start) for order in plan.orders) == 2470
    assert sum(minutes(b.ended_at - b.started_at) for order in plan.orders for b in order.bookings) == 3858
    assert plan.expected[Question("total", "all", "delay_minutes")] == 1388
    assert plan.expected[Question("total", "all", "efficiency_percent")] == 64.023


def test_a_batch_that_runs_past_midnight_ends_on_the_next_day() -> None:
    batch = next(order for order in floor("bottling_line").orders if order.number == "422148")
    assert wire(batch.planned_start) == "2024-09-03T22:55:00Z"
    assert wire(batch.stages[0].done_at) == "2024-09-04T01:05:00Z"


def test_downtime_adds_up_over_its_factors() -> None:
    downtime = bottling_line.downtime_of(real("bottling_line") / "line_downtime.csv")
    assert downtime["422118"] == 60
    assert downtime["422116"] == 0


# ------------------------------------------------------------------------------------------------------------- readings


def test_the_temperatures_keep_both_values_of_an_instant_that_comes_twice() -> None:
    plan = measured("machine_temperature")
    assert len(plan.readings) == len(set(plan.readings)) == 10989
    instants = Counter(reading.at for reading in plan.readings)
    assert sum(count == 2 for count in instants.values()) == 12


def test_the_rig_sends_its_overlap_twice_and_holds_what_is_expected_once() -> None:
    plan = measured("valve_rig")
    assert len(plan.readings) == 5284 * 8
    assert len(set(plan.readings)) == 5164 * 8
    counts = [value for question, value in plan.expected.items() if question.what == "count"]
    assert sum(count for count in counts if isinstance(count, float | int)) == 5164 * 8


@pytest.mark.parametrize("folder", ["machine_temperature", "valve_rig"])
def test_the_registered_ranges_hold_every_reading(folder: str) -> None:
    plan = measured(folder)
    ranges = {(sensor.sensor, sensor.type): sensor for sensor in plan.machine.sensors}
    for reading in plan.readings:
        sensor = ranges[reading.sensor, reading.type]
        assert sensor.low <= reading.value <= sensor.high


def test_messages_hold_60_readings_and_requests_what_the_queue_takes() -> None:
    plan = measured("machine_temperature")
    bodies = [message.body.decode() for message in messages("queue", plan.machine, plan.readings)]
    assert len(bodies) == 184
    packed = list(batches(bodies))
    assert [body for batch in packed for body in batch] == bodies
    assert len(packed) == 19


def test_a_request_is_never_larger_than_the_queue_takes() -> None:
    packed = list(batches(["x" * 100_000] * 7))
    assert [len(batch) for batch in packed] == [2, 2, 2, 1]
    assert all(sum(map(len, batch)) <= BYTES_A_REQUEST and len(batch) <= MESSAGES_A_REQUEST for batch in packed)


def test_a_folder_that_is_none_of_the_known_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="holds no data that replay knows"):
        read_folder(tmp_path)


# ------------------------------------------------------------------------------------------------------------- sequence


def longest(plan: FloorPlan) -> Order:
    return max(plan.orders, key=lambda order: len(order.bookings))


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("times", [1, 2])
def test_every_step_is_sent_as_often_as_asked_and_no_stage_is_done_before_its_sessions(
    *, shuffled: bool, times: int
) -> None:
    order = longest(floor("production_log"))
    sequence = steps(order, Manner(random.Random(7) if shuffled else None, times))  # noqa: S311
    assert Counter(sequence) == Counter(dict.fromkeys([*order.bookings, *map(Done, range(len(order.stages)))], times))
    for index in range(len(order.stages)):
        first_done = sequence.index(Done(index))
        assert set(_bookings(order, index)) <= set(sequence[:first_done])


def test_shuffling_changes_the_sequence() -> None:
    order = longest(floor("production_log"))
    assert steps(order, Manner(random.Random(7))) != steps(order, Manner())  # noqa: S311


def _bookings(order: Order, stage: int) -> list[Step]:
    return [booking for booking in order.bookings if booking.stage == stage]
