"""Stops of machines over HTTP: those without a reason are listed, and explained afterwards."""

from typing import Any

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from tests.floor import MINUTE, Plant, pages
from tests.machines import arrived, install, message, part, standing, watched, work

STOPS, EXPLAIN = "/machines/stops", "/machines/M1/stops/explain"


def tell(machine_id: str, *states: tuple[str, str], day: str = "2026-01-05") -> None:
    """Ingest states of a machine: when, and which."""
    ingest(arrived(message(machine_id, *(part(word, f"{day}T{at}:00Z", type="state") for at, word in states))))
    work()


def because(begin: str, end: str, reason: str | None = "material", **fields: Any) -> dict[str, Any]:
    times = {"started_at": f"2026-01-05T{begin}:00Z", "ended_at": f"2026-01-05T{end}:00Z"}
    return {**times, "reason": reason, **fields}


def listed(floor: Plant, query: str = "") -> list[tuple[str, str, str | None, str | None]]:
    found = floor.worker.get(f"{STOPS}?{query}").items
    return [(each["machine_id"], each["started_at"][11:16], ended(each), each["reason"]) for each in found]


def ended(stop: dict[str, Any]) -> str | None:
    return str(stop["ended_at"])[11:16] if stop["ended_at"] else None


def test_nobody_unknown_reads_or_explains_stops(floor: Plant) -> None:
    assert floor.stranger.get(STOPS).status == 401
    assert floor.stranger.post(EXPLAIN, because("06:00", "06:10")).status == 401


def test_a_machine_that_is_not_there_has_no_stops_and_none_is_explained(floor: Plant) -> None:
    assert floor.worker.get(f"{STOPS}?machine_id=M2").items == []
    assert floor.worker.post("/machines/M2/stops/explain", because("06:00", "06:10")).status == 404


def test_stops_of_all_machines_are_listed_by_time_and_short_ones_are_not(floor: Plant) -> None:
    install("M2")
    tell("M1", ("05:00", "producing"), ("05:50", "idle"), ("06:20", "producing"), ("07:50", "unplanned_stop"))
    tell("M2", ("06:00", "setup"), ("06:10", "idle"), ("06:14", "producing"), ("06:30", "idle"), ("06:35", "off"))
    tell("M2", ("06:40", "idle"), ("06:50", "off"), day="2026-01-03")
    both = [("M1", "05:50", "06:20", None), ("M2", "06:30", "06:35", None), ("M1", "07:50", None, None)]
    assert listed(floor) == both
    assert listed(floor, "machine_id=M2") == [both[1]]
    assert listed(floor, "from=2026-01-05T06:00:00Z&to=2026-01-05T06:30:00Z") == both[:1]
    assert listed(floor, "machine_id=M1&from=2026-01-05T06:20:00Z") == [both[2]]
    assert listed(floor, "from=2026-01-06T06:20:00Z") == []
    assert pages(floor.worker, f"{STOPS}?") == floor.worker.get(STOPS).items
    assert floor.worker.get(f"{STOPS}?limit=1").items == [
        {
            "machine_id": "M1",
            "started_at": "2026-01-05T05:50:00.000Z",
            "ended_at": "2026-01-05T06:20:00.000Z",
            "seconds": 1800.0,
            "reason": None,
            "note": None,
            "explained_at": None,
            "explained_by": None,
        }
    ]


def test_a_stop_that_began_long_before_is_listed_from_where_its_state_was_told(floor: Plant) -> None:
    tell("M1", ("07:30", "idle"), day="2026-01-04")
    assert listed(floor, "from=2026-01-05T07:00:00Z") == [("M1", "07:30", "07:30", None)]
    assert listed(floor, "from=2026-01-05T07:40:00Z") == []


def test_a_stop_that_was_explained_asks_no_more(floor: Plant) -> None:
    tell("M1", ("06:00", "idle"), ("06:30", "producing"))
    made = floor.worker.post(EXPLAIN, because("06:00", "06:20", note=" No granulate "))
    assert made.status == 201
    said = {"note": "No granulate", "explained_at": "2026-01-05T08:00:00.000Z", "explained_by": floor.worker.id}
    assert {name: made.data[name] for name in said} == said
    assert listed(floor, "reason=none") == [("M1", "06:20", "06:30", None)]
    assert listed(floor, "reason=any") == [("M1", "06:00", "06:20", "material")]
    (shown,) = floor.worker.get(f"{STOPS}?reason=any&machine_id=M1").items
    assert {name: shown[name] for name in said} == said

    floor.planner.post(EXPLAIN, because("06:00", "06:30", "setup"))
    assert listed(floor) == [("M1", "06:00", "06:30", "setup")]
    floor.planner.post(EXPLAIN, because("05:00", "07:00", None))
    assert listed(floor) == [("M1", "06:00", "06:30", None)]


def test_late_readings_move_a_stop_under_its_reason(floor: Plant) -> None:
    tell("M1", ("06:00", "idle"), ("06:30", "producing"))
    floor.worker.post(EXPLAIN, because("06:00", "06:30"))
    tell("M1", ("06:10", "producing"), ("06:15", "idle"), ("06:28", "producing"))
    assert listed(floor) == [("M1", "06:00", "06:10", "material"), ("M1", "06:15", "06:28", "material")]
    tell("M1", ("05:50", "idle"))
    assert listed(floor, "reason=none") == [("M1", "05:50", "06:00", None)]


def test_an_explanation_sent_again_is_written_once(floor: Plant) -> None:
    first, again = (floor.worker.post(EXPLAIN, because("06:00", "06:30"), key="k") for _ in range(2))
    assert (first.data, again.headers["Idempotent-Replayed"]) == (again.data, "true")
    assert len(standing("stop_explanation")) == 1
    other = floor.worker.post(EXPLAIN, because("06:00", "06:31"), key="k")
    assert other.error["code"] == "ERR_IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (because("06:00", "06:00"), {"ended_at": "after_start"}),
        (because("06:00", "08:06"), {"ended_at": "in_future"}),
        (because("06:00", "06:10", "weather"), {"reason": "unknown"}),
        ({"started_at": "2026-01-05T06:00:00Z", "ended_at": "2026-01-05T06:10:00Z"}, {"reason": "missing"}),
    ],
)
def test_what_is_wrong_with_an_explanation_is_named(floor: Plant, body: Any, fields: dict[str, str]) -> None:
    reply = floor.worker.post(EXPLAIN, body)
    assert (reply.status, reply.fields()) == (422, fields)


def test_the_plant_decides_its_reasons_and_how_long_a_stop_needs_none(floor: Plant) -> None:
    tenants.change(DEFAULT_TENANT, {"stop_reasons": ("rain", "other"), "stop_reason_after": 20 * MINUTE})
    tenants.forget_settings()
    tell("M1", ("06:00", "idle"), ("06:19", "off"), ("06:30", "idle"), ("06:50", "off"))
    assert listed(floor) == [("M1", "06:30", "06:50", None)]
    assert floor.worker.post(EXPLAIN, because("06:30", "06:50", "rain")).status == 201
    assert floor.worker.get("/meta").data["values"]["stop_reason"] == ["rain", "other"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-01-05T10:00:00Z&to=2026-01-05T10:00:00Z", "to must be after from."),
        ("from=2026-01-04T00:00:00Z&to=2026-01-05T00:00:00.001Z", "24 hours apart"),
        ("machine_id=M1&from=2025-12-01T00:00:00Z&to=2026-01-05T00:00:00Z", "31 days apart"),
        ("reason=weather", "reason"),
        ("sensor=main", "sensor"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(floor: Plant, query: str, said: str) -> None:
    reply = floor.worker.get(f"{STOPS}?{query}")
    assert reply.status == 400
    assert said in str(reply.error)


def test_a_list_costs_the_same_however_many_machines_there_are(floor: Plant) -> None:
    install("P0", "P1", "P2", "P3")
    for count, machine_ids in ((1, ["P0"]), (4, ["P1", "P2", "P3"])):
        for machine_id in machine_ids:
            tell(machine_id, ("06:00", "idle"), ("06:30", "producing"))
        floor.worker.get(STOPS)  # the settings are known now
        with watched() as called:
            assert len(floor.worker.get(STOPS).items) == count
        assert called == ["Query"] * 4  # of three days, for a state may hold for one, and of the explanations
    with watched() as called:
        assert len(floor.worker.get(f"{STOPS}?machine_id=P1&from=2026-01-04T12:00:00Z").items) == 1
    assert called == ["Query"] * 2


def test_an_hour_without_states_costs_no_place_in_an_index(floor: Plant) -> None:
    ingest(arrived(message("M1", part(20.0), part(3.0, type="cycle_count"), part("idle", type="state", sensor="door"))))
    work()
    assert [each.GSI1PK for each in standing("rollup")] == [None] * 3
    tell("M1", ("06:00", "idle"))
    assert [each.GSI1PK for each in standing("rollup") if each.GSI1PK] == ["T#default#STATES#2026-01-05"]
