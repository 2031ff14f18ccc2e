"""The numbers of days, computed again by other means: plain Python over what the API lists, with nothing of Takip."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from tests.floor import Plant

Row = dict[str, Any]
Rows = dict[tuple[str, str, str | None], Row]
Span = tuple[datetime, datetime]

ZONE = ZoneInfo("Europe/Istanbul")
EVER = "from=2025-12-01&to=2026-12-31"
DIMENSIONS = ("none", "product", "customer", "stage", "worker", "machine", "line")
BY_REASON = ("scrap_by_reason", "pauses_by_reason", "paused_minutes_by_reason")


def told(plant: Plant) -> Rows:
    """What the API tells about all days of all dimensions: the sums that are not zero."""
    found: Rows = {}
    for dimension in DIMENSIONS:
        for row in plant.planner.get(f"/metrics/daily?group_by={dimension}&{EVER}").items:
            finished = {f"{kind}.{name}": n for kind, sums in row["finished"].items() for name, n in sums.items()}
            found[dimension, row["date"], row["value_key"]] = _kept(finished | row["time"])
    return {key: row for key, row in found.items() if row}


def recomputed(plant: Plant, order_ids: Iterable[str]) -> Rows:
    """The same from the orders, their stages and their sessions."""
    lines = {machine["id"]: machine["line"] for machine in plant.planner.get("/machines").items}
    sums: dict[tuple[str, str, str | None], Row] = defaultdict(lambda: defaultdict(Fraction))
    spans: dict[tuple[str, str, str | None], list[Span]] = defaultdict(list)
    for order_id in order_ids:
        _add_order(plant, plant.planner.get(f"/workorders/{order_id}").data, lines, sums, spans)
    for key, worked in spans.items():
        sums[key]["run_minutes"] += _union(worked)
    return {key: kept for key, row in sums.items() if (kept := _kept(row))}


def _add_order(plant: Plant, order: Row, lines: Mapping[str, str | None], sums: Any, spans: Any) -> None:
    not_skipped = [stage for stage in order["stages"] if stage["status"] != "skipped"]
    last = max(not_skipped, key=lambda stage: stage["position"])["id"] if not_skipped else None
    of_order = [("none", None), ("product", order["product_code"])]
    of_order += [("customer", order["customer"])] if order["customer"] else []
    _add_ended(order, of_order, last, sums)
    for stage in order["stages"]:
        sessions = _standing(plant.planner.get(f"/stages/{stage['id']}/sessions?limit=100").items)
        own = [*of_order, ("stage", stage["name"])]
        everybody = {group for session in sessions for group in _there(session, lines)}
        for group in [*own, *everybody]:
            if stage["status"] == "done":
                _add_done(sums[_key(group, stage["ended_at"])], stage, sessions)
            elif stage["status"] in ("skipped", "cancelled"):
                sums[_key(group, stage["ended_at"])][f"stages.{stage['status']}"] += 1
        for session, pause in _with_pauses(sessions):
            for group in [*own, *_there(session, lines)]:
                _add_session(group, session, pause, stage["id"] == last, sums, spans)


def _add_ended(order: Row, of_order: list[tuple[str, str | None]], last: str | None, sums: Any) -> None:
    if order["status"] == "done":
        for group in of_order:
            row = sums[_key(group, order["ended_at"])]
            row["orders.done"] += 1
            row["orders.late"] += order["ended_at"] > order["planned_end"]
            row["orders.baseline_late"] += order["ended_at"] > order["baseline_end"]
            row["orders.lead_time_minutes"] += _minutes(order["started_at"] or order["ended_at"], order["ended_at"])
            row["orders.good"] += sum(_n(stage["good"]) for stage in order["stages"] if stage["id"] == last)
    if order["status"] == "cancelled":
        for group in of_order:
            sums[_key(group, order["ended_at"])]["orders.cancelled"] += 1


def _add_done(row: Row, stage: Row, sessions: list[Row]) -> None:
    run = _union([_span(each) for each in sessions])
    row["stages.done"] += 1
    row["stages.late"] += stage["ended_at"] > stage["planned_end"]
    row["stages.baseline_late"] += stage["ended_at"] > stage["baseline_end"]
    row["stages.planned_minutes"] += _minutes(stage["planned_start"], stage["planned_end"])
    row["stages.run_minutes"] += run
    row["stages.labour_minutes"] += sum(_minutes(each["started_at"], each["ended_at"]) for each in sessions)
    row["stages.delay_minutes"] += _minutes(stage["planned_end"], stage["ended_at"])
    for name in ("good", "scrap"):
        row[f"stages.{name}"] += _n(stage[name])
    open_rework = max(_n(stage["rework"]), Fraction(0))
    row["stages.rework"] += open_rework
    row["stages.good_from_rework"] += sum(_n(each["good"]) for each in sessions if each["kind"] == "rework")
    if stage["standard_seconds_per_unit"] is not None:
        made = _n(stage["good"]) + _n(stage["scrap"]) + open_rework
        row["stages.with_standard"] += 1
        row["stages.standard_minutes"] += _n(stage["standard_seconds_per_unit"]) * made / 60
        row["stages.standard_run_minutes"] += run


def _add_session(
    group: tuple[str, str | None],
    session: Row,
    pause: Fraction,
    is_last: bool,  # noqa: FBT001  a fact about the session
    sums: Any,
    spans: Any,
) -> None:
    for day, part in _by_day(*_span(session)):
        key = (group[0], day.isoformat(), _spelled_once(group))
        length = Fraction((part[1] - part[0]) // timedelta(milliseconds=1), 60_000)
        spans[key].append(part)
        sums[key]["labour_minutes"] += length
        if session["kind"] != "run":
            sums[key][f"{session['kind']}_minutes"] += length
    row = sums[_key(group, session["ended_at"])]
    row["pieces"] += _n(session["good"])
    row["last_stage_pieces"] += _n(session["good"]) * is_last
    for reason, n in session["scrap_reasons"].items():
        _add_reason(row, "scrap_by_reason", reason, _n(n))
    if session["pause_reason"]:
        _add_reason(row, "pauses_by_reason", session["pause_reason"], Fraction(1))
        if pause:
            _add_reason(row, "paused_minutes_by_reason", session["pause_reason"], pause)
    elif pause:
        row["pauses_without_reason"] += 1
        row["paused_minutes_without_reason"] += pause


def _add_reason(row: Row, name: str, reason: str, n: Fraction) -> None:
    row[name] = row[name] or defaultdict(Fraction)
    row[name][reason] += n


def _with_pauses(sessions: list[Row]) -> Iterator[tuple[Row, Fraction]]:
    """Each session, with the minutes in which nobody worked at its stage after it; 0 if it was not the one paused."""
    for session in sessions:
        end = session["ended_at"]
        at_once = [(each["pause_reason"] or "", each["id"]) for each in sessions if each["ended_at"] == end]
        during = any(each["started_at"] <= end < each["ended_at"] for each in sessions)
        later = [each["started_at"] for each in sessions if each["started_at"] > end]
        paused = later and not during and max(at_once)[1] == session["id"]
        yield session, _minutes(end, min(later)) if paused else Fraction(0)


def _standing(sessions: list[Row]) -> list[Row]:
    corrected = {session["corrects"] for session in sessions}
    return [session for session in sessions if session["id"] not in corrected and not session["voided"]]


def _there(session: Row, lines: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    """The groups of a session beside those of its stage."""
    machine = session["machine_id"]
    groups: list[tuple[str, str | None]] = [("worker", session["worker_id"])]
    groups += [("machine", machine)] if machine else []
    return groups + ([("line", lines[machine])] if machine and lines[machine] else [])


def _by_day(start: datetime, end: datetime) -> Iterator[tuple[date, Span]]:
    day = start.astimezone(ZONE).date()
    while start < end:
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
        yield day, (start, min(midnight, end))
        start, day = midnight, day + timedelta(days=1)


def _union(spans: list[Span]) -> Fraction:
    """Minutes in which at least one of the spans lies: between two neighbouring ends all or nothing is covered."""
    ends = sorted({at for span in spans for at in span})
    covered = sum(
        ((b - a) for a, b in pairwise(ends) if any(s <= a and b <= e for s, e in spans)),
        timedelta(0),
    )
    return Fraction(covered // timedelta(milliseconds=1), 60_000)


def _key(group: tuple[str, str | None], at: str) -> tuple[str, str, str | None]:
    return (group[0], datetime.fromisoformat(at).astimezone(ZONE).date().isoformat(), _spelled_once(group))


def _spelled_once(group: tuple[str, str | None]) -> str | None:
    """The value of a group; all spellings of a text are one."""
    dimension, value = group
    if value is None or dimension in ("worker", "machine"):
        return value
    return value.replace("ı", "i").replace("İ", "i").upper()


def _span(session: Row) -> Span:
    return datetime.fromisoformat(session["started_at"]), datetime.fromisoformat(session["ended_at"])


def _minutes(start: str, end: str) -> Fraction:
    length = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return Fraction(length // timedelta(milliseconds=1), 60_000)


def _n(number: Any) -> Fraction:
    return Fraction(str(number))


def _kept(row: Mapping[str, Any]) -> Row:
    """The sums that are not zero, rounded to three places as an answer shows them."""
    flat = {name: value for name, value in row.items() if name not in BY_REASON}
    flat |= {f"{name}.{reason}": n for name in BY_REASON for reason, n in (row.get(name) or {}).items()}
    return {name: round(float(round(_n(value), 3)), 3) for name, value in flat.items() if value}
