"""Explained metrics of stages and orders: every input that was used, clipped or left out, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.numbers.explained_pauses import blocks_told, holds_told, pauses_of
from chalicelib.domain.numbers.inputs import Input, Kind, Use, overlapping, seconds
from chalicelib.domain.orders.flows import last_position
from chalicelib.domain.orders.session_records import (
    OpenSession,
    Quantities,
    Session,
    SessionKind,
    SessionReport,
    standing,
)
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings

NOT_DONE = ("efficiency", "on_time_percent", "baseline_on_time_percent", "delay_start", "delay_run")
GIVEN_UP = ("delay", "is_late", "baseline_delay", "baseline_is_late", *NOT_DONE, "projected_end", "expected_delay")


@dataclass(frozen=True)
class Recorded:
    """An order with every session and every report that was ever recorded, also those that do not count."""

    order: Order
    sessions: Sequence[Session]
    reports: Sequence[SessionReport]


def explained(stages: Sequence[Stage], recorded: Recorded, now: datetime, settings: TenantSettings) -> list[Input]:
    """The inputs of the metrics of an order, or of some of its stages, in the order in which they are listed.

    The lengths of the sessions that count add up to the labour. Less their overlaps they add up to the run time of all.
    """
    ids = {stage.id for stage in stages}
    sessions = overlapping(each for each in _sessions(stages, recorded, now) if each.stage_id in ids)
    found = [
        *map(_of_stage, stages),
        *sessions,
        *_reports(recorded, {each.id: each for each in sessions}),
        *(pause for stage in stages for pause in pauses_of(recorded.order, recorded.sessions, stage, now)),
        *(block for stage in stages for block in blocks_told(stage, now)),
        *holds_told(recorded.order, now),
        _of_order(recorded.order),
        Input(Kind.SETTING, "grace", amounts={"seconds": seconds(settings.grace)}),
    ]
    return sorted(found, key=lambda each: each.place)


def _of_stage(stage: Stage) -> Input:
    """A stage. One that was skipped or cancelled is left out of everything that compares it with its plan."""
    done, given_up = stage.status is StageStatus.DONE, stage.ended and stage.status is not StageStatus.DONE
    status, standard = stage.status.value, stage.standard_seconds_per_unit
    unless = dict.fromkeys(GIVEN_UP, status) if given_up else {} if done else dict.fromkeys(NOT_DONE, "not_done")
    plan = (stage.planned_start, stage.planned_end)
    return Input(
        Kind.STAGE,
        stage.id,
        Use.LEFT_OUT if given_up else Use.USED,
        status if given_up else None,
        stage.id,
        stage.started_at,
        stage.ended_at,
        plan[1] - plan[0],
        good=stage.good,
        scrap=stage.scrap,
        rework=stage.open_rework,
        left_out_of=unless | ({"effectiveness": "no_standard"} if standard is None else {}),
        amounts={"good_from_rework": stage.good_from_rework}
        | ({} if standard is None else {"standard_seconds_per_unit": standard}),
        times=_plans(stage),
        facts={"status": status},
    )


def _of_order(order: Order) -> Input:
    return Input(
        Kind.ORDER,
        order.id,
        started_at=order.started_at,
        ended_at=order.ended_at,
        length=order.planned_end - order.planned_start,
        amounts={"quantity": order.quantity},
        times={**_plans(order), "created_at": order.created_at},
        facts={"status": order.status.value},
    )


def _plans(planned: Stage | Order) -> dict[str, datetime]:
    return {
        "planned_start": planned.planned_start,
        "planned_end": planned.planned_end,
        "baseline_start": planned.baseline_start,
        "baseline_end": planned.baseline_end,
    }


def _sessions(stages: Iterable[Stage], recorded: Recorded, now: datetime) -> Iterator[Input]:
    counted = {each.id for each in standing(recorded.sessions)}
    last = last_position([stage.progress for stage in recorded.order.stages])
    for each in recorded.sessions:
        unless = {} if recorded.order.stage(each.stage_id).position == last else {"throughput": "not_last_stage"}
        yield _closed(each, None if each.id in counted else "voided" if each.voided else "corrected", unless)
    for stage in stages:
        for open_session in stage.open_sessions:
            yield _open(open_session, stage, recorded.reports, now)


def _closed(session: Session, why: str | None, unless: dict[str, str]) -> Input:
    """A closed session. `why` it does not count; None if it does."""
    facts = {"kind": session.kind.value, "pause_reason": session.pause_reason, "corrects": session.corrects}
    return Input(
        Kind.SESSION,
        session.id,
        Use.LEFT_OUT if why else Use.USED,
        why,
        session.stage_id,
        session.started_at,
        session.ended_at,
        session.ended_at - session.started_at,
        **_pieces(session.made),
        left_out_of={} if why else unless,
        facts={name: value for name, value in facts.items() if value is not None},
    )


def _open(session: OpenSession, stage: Stage, reports: Iterable[SessionReport], now: datetime) -> Input:
    """A session that goes on: it ends now."""
    end = max(now, session.started_at)
    made = sum((each.made for each in reports if each.session_id == session.id), Quantities())
    makes_none = {} if session.kind is SessionKind.RUN else {"projected_end": "makes_no_pieces"}
    return Input(
        Kind.SESSION,
        session.id,
        Use.CLIPPED,
        "open",
        stage.id,
        session.started_at,
        end,
        end - session.started_at,
        **_pieces(made),
        left_out_of={"throughput": "open", **makes_none},
        facts={"kind": session.kind.value},
    )


def _reports(recorded: Recorded, sessions: dict[str, Input]) -> Iterator[Input]:
    """The reports of the sessions. A report counts if its session does, as a part of it."""
    for each in recorded.reports:
        session = sessions.get(each.session_id)
        if session is not None:
            use, why = (Use.LEFT_OUT, session.why) if session.use is Use.LEFT_OUT else (Use.USED, None)
            told: Any = {**_pieces(each.made), "facts": {"session_id": each.session_id}}
            yield Input(Kind.REPORT, each.id, use, why, each.stage_id, each.at, each.at, **told)


def _pieces(made: Quantities) -> dict[str, Any]:
    return {"good": made.good, "scrap": made.scrapped, "rework": made.rework}
