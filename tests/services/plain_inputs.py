"""Metrics computed again from their explained inputs alone: plain Python, with nothing of Takip."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.services.plain_numbers import (
    NOTHING,
    Row,
    Span,
    at,
    common,
    minutes,
    n,
    percent,
    seconds,
    share,
    shown,
    spans_of,
    total,
    union,
)


class Inputs:
    """The inputs of an answer, all of its pages together, and when it was made."""

    def __init__(self, rows: Iterable[Row], as_of: str) -> None:
        self.rows, self.now = list(rows), at(as_of)

    def of(self, kind: str, stage_id: str | None = None) -> list[Row]:
        """The inputs of a kind, of one stage or of all, that are not left out of everything."""
        kept = (row for row in self.rows if row["kind"] == kind and (row["use"] != "left_out" or row["left_out_of"]))
        return [row for row in kept if stage_id in (None, row["stage_id"])]

    def only(self, *kinds: str) -> "Inputs":
        """The inputs of these kinds alone."""
        return Inputs([row for row in self.rows if row["kind"] in kinds], self.now.isoformat())

    def unknown(self, *kinds: str) -> bool:
        """Whether it is not recorded when there was something of these kinds."""
        return any(row["kind"] in kinds and row["why"] == "not_recorded" for row in self.rows)


def of_stage(inputs: Inputs) -> dict[str, Any]:
    """The metrics of the one stage among the inputs."""
    (stage,) = inputs.of("stage")
    spans = spans_of(inputs.of("session"))
    ended, done = stage["facts"]["status"] in ("done", "skipped", "cancelled"), stage["facts"]["status"] == "done"
    return {
        **_lived(stage, spans, inputs, given_up=ended and not done),
        **_split(stage if done else None, inputs),
        **_produced(inputs),
        "efficiency": percent(_planned([stage]), union(spans)) if done else None,
        **_expected(stage, _end_of(stage, inputs)),
    }


def of_order(inputs: Inputs) -> dict[str, Any]:
    """The metrics of the order among the inputs."""
    (order,), stages = inputs.of("order"), inputs.of("stage")
    spans, done = spans_of(inputs.of("session")), [each for each in stages if each["facts"]["status"] == "done"]
    cancelled = order["facts"]["status"] == "cancelled"
    last = _last_to_end(order, stages) if not cancelled else None
    lead = at(order["ended_at"]) - at(order["started_at"]) if order["ended_at"] and order["started_at"] else None
    late, grace = [Fraction(0), Fraction(0)], _grace(inputs)
    for which, plan in enumerate(("planned_end", "baseline_end")):
        late[which] = Fraction(sum(at(each["ended_at"]) - at(each["times"][plan]) > grace for each in done))
    split = _split(last if last and last["facts"]["status"] == "done" else None, inputs)
    reserve = at(last["times"]["planned_end"]) - at(order["times"]["planned_end"]) if last else None
    run_done = sum((union(spans_of(inputs.of("session", each["id"]))) for each in done), NOTHING)
    return {
        **_lived(order, spans, inputs, given_up=cancelled),
        **split,
        "delay_reserve": minutes(reserve) if split["delay_start"] is not None else None,
        **_produced(inputs),
        "efficiency": percent(_planned(done), run_done),
        "on_time_percent": share(len(done) - late[0], len(done)),
        "baseline_on_time_percent": share(len(done) - late[1], len(done)),
        "lead_time": minutes(lead),
        "lead_time_from_release": minutes(_since(order["times"]["created_at"], order["ended_at"])),
        "flow_efficiency": percent(union(spans), lead or NOTHING),
        "throughput": _throughput(order, stages, inputs),
        **_expected(order, _latest_end(order, stages, inputs)),
    }


def _lived(thing: Row, spans: list[Span], inputs: Inputs, *, given_up: bool) -> dict[str, Any]:
    """What a stage and an order have in common: their plans, their times, and how late they are."""
    begun, plans, now = thing["started_at"], thing["times"], inputs.now
    told: dict[str, Any] = {"planned_duration": minutes(_planned([thing]))}
    told["baseline_planned_duration"] = minutes(_since(plans["baseline_start"], plans["baseline_end"]))
    told["actual_duration"] = minutes(union(spans)) if begun else None
    told["labour"] = minutes(total(spans)) if begun else None
    until = at(thing["ended_at"]) if thing["ended_at"] else max(now, at(begun)) if begun else now
    told["elapsed"] = minutes(until - at(begun)) if begun else None
    told["start_delay"] = minutes(_since(plans["planned_start"], begun)) if begun else None
    for prefix, plan in (("", "planned_end"), ("baseline_", "baseline_end")):
        end = at(thing["ended_at"]) if thing["ended_at"] else max(now, at(plans[plan]))
        told[f"{prefix}delay"] = None if given_up else minutes(end - at(plans[plan]))
        told[f"{prefix}is_late"] = None if given_up else end - at(plans[plan]) > _grace(inputs)
    return told


def _split(stage: Row | None, inputs: Inputs) -> dict[str, Any]:
    """Why a done stage ended when it did, from its pauses, and from when it was blocked and the order held."""
    if stage is None or not stage["started_at"]:
        return dict.fromkeys(["delay_start", "delay_blocked", "delay_held", "delay_paused", "delay_run"])
    gaps = spans_of(inputs.of("pause", stage["id"]))
    blocks, holds = spans_of(inputs.of("block", stage["id"])), spans_of(inputs.of("hold"))
    blocked, stopped = common(gaps, blocks), common(gaps, [*blocks, *holds])
    no_blocks, no_holds = inputs.unknown("block"), inputs.unknown("block", "hold")
    run = union(spans_of(inputs.of("session", stage["id"]))) - _planned([stage])
    return {
        "delay_start": minutes(_since(stage["times"]["planned_start"], stage["started_at"])),
        "delay_blocked": None if no_blocks else minutes(blocked),
        "delay_held": None if no_holds else minutes(stopped - blocked),
        "delay_paused": None if no_holds else minutes(total(gaps) - stopped),
        "delay_run": minutes(run),
    }


def _produced(inputs: Inputs) -> dict[str, Any]:
    """Quality and effectiveness, of the pieces of the sessions."""
    first_pass = produced = standard = Fraction(0)
    run = NOTHING
    measured = [each for each in inputs.of("stage") if "standard_seconds_per_unit" in each["amounts"]]
    for stage in inputs.of("stage"):
        sessions = inputs.of("session", stage["id"])
        good, taken, reworked = _pieces(sessions)
        first_pass, produced = first_pass + good - reworked, produced + taken
        if stage in measured:
            standard += n(stage["amounts"]["standard_seconds_per_unit"]) * taken
            run += union(spans_of(sessions))
    return {
        "effectiveness": share(standard, seconds(run)) if measured else None,
        "quality": share(first_pass, produced),
    }


def _pieces(sessions: list[Row]) -> tuple[Fraction, Fraction, Fraction]:
    """The good pieces of sessions, all that were taken (good, scrap, open rework), and the good ones from rework."""
    reworked = [each for each in sessions if each["facts"]["kind"] == "rework"]
    good, scrap = (sum((n(each[name]) for each in sessions), Fraction(0)) for name in ("good", "scrap"))
    rework = sum(n(each["rework"]) for each in sessions) - sum(n(each["good"]) + n(each["scrap"]) for each in reworked)
    return good, good + scrap + max(rework, Fraction(0)), sum((n(each["good"]) for each in reworked), Fraction(0))


def _throughput(order: Row, stages: list[Row], inputs: Inputs) -> Fraction | None:
    not_skipped = [each["id"] for each in stages if each["facts"]["status"] != "skipped"]
    if not order["started_at"] or not not_skipped:
        return None
    there = inputs.of("session", max(not_skipped))
    counted = sum((n(each["good"]) for each in there if "throughput" not in each["left_out_of"]), Fraction(0))
    until = at(order["ended_at"]) if order["ended_at"] else max(inputs.now, at(order["started_at"]))
    hours = seconds(until - at(order["started_at"])) / 3600
    return shown(counted / hours) if hours else None


def _end_of(stage: Row, inputs: Inputs) -> datetime | None:
    """When a stage will end by its standard."""
    sessions = inputs.of("session", stage["id"])
    running = [each for each in sessions if each["why"] == "open" and "projected_end" not in each["left_out_of"]]
    if stage["ended_at"] or not running or "standard_seconds_per_unit" not in stage["amounts"]:
        return None
    order = next(iter(inputs.of("order")), None)
    if order is None:
        return None
    missing = max(n(order["amounts"]["quantity"]) - _pieces(sessions)[0], Fraction(0))
    left = missing * n(stage["amounts"]["standard_seconds_per_unit"]) * 1000 / len(running)
    return inputs.now + timedelta(milliseconds=int(left))


def _latest_end(order: Row, stages: list[Row], inputs: Inputs) -> datetime | None:
    """When an order will end: with the last of its stages that have not ended, if it is known of all of them."""
    ends = [_end_of(stage, inputs) for stage in stages if not stage["ended_at"]]
    known = [end for end in ends if end is not None]
    return max([inputs.now, *known]) if not order["ended_at"] and len(known) == len(ends) else None


def _expected(thing: Row, end: datetime | None) -> dict[str, Any]:
    if end is None:
        return {"projected_end": None, "expected_delay": None}
    told = end.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"projected_end": told, "expected_delay": minutes(end - at(thing["times"]["planned_end"]))}


def _last_to_end(order: Row, stages: list[Row]) -> Row | None:
    ended = [each for each in stages if order["ended_at"] and each["ended_at"] == order["ended_at"]]
    return max(ended, key=lambda each: (each["facts"]["status"] == "done", each["id"]), default=None)


def _planned(things: list[Row]) -> timedelta:
    return sum(
        (_since(each["times"]["planned_start"], each["times"]["planned_end"]) or NOTHING for each in things), NOTHING
    )


def _grace(inputs: Inputs) -> timedelta:
    return timedelta(seconds=sum(row["amounts"]["seconds"] for row in inputs.of("setting") if row["id"] == "grace"))


def _since(start: str, end: str | None) -> timedelta | None:
    return at(end) - at(start) if end else None
