"""Judging work orders of the old system, with their stages, the people assigned to them and their issues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.intervals import Interval
from chalicelib.domain.planning.opening import MAX_ASSIGNEES, MAX_STAGES, MAX_STAGES_AND_ASSIGNMENTS
from infra.old_system import issues
from infra.old_system.plant import OldOrder, OldStage
from infra.old_system.remarks import LOOK, Remark, Remarks, by, comes, doubtful, stays
from infra.old_system.stages import Work, fitted, name_of, window_of, work_of
from infra.old_system.tables import Row
from infra.old_system.texts import amount_of, line_of

ORDERS, STAGES, ASSIGNMENTS = "work_orders", "work_order_stages", "stage_assignments"
ONLY_STAGE = "Üretim"
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
AGAIN = "Correct it in the old system and import again, or open it in Takip."
BY_HAND = "What it belongs to must come first; correct that in the old system and import again."

Rows = Sequence[tuple[int, Row]]


@dataclass(frozen=True)
class Known:
    """What else comes over: people and machines by their ids, the zone of plans, and what time it is.

    `inactive` are the people whose password Takip cannot check.
    """

    people: frozenset[int]
    inactive: frozenset[int]
    machines: frozenset[int]
    zone: ZoneInfo
    now: datetime


class Parts(NamedTuple):
    """The rows that belong to stages and orders, by what they belong to."""

    stages: Mapping[object, Rows]
    assignments: Mapping[object, Rows]
    issues: Mapping[object, Rows]


def judged(remarks: Remarks, known: Known) -> tuple[OldOrder, ...]:
    """All orders that come over, by id. Of every other row of these tables it is said why it stays."""
    parts = Parts(
        by("work_order_id", remarks.rows(STAGES)),
        by("work_order_stage_id", remarks.rows(ASSIGNMENTS)),
        by("work_order_stage_id", remarks.rows(issues.TABLE)),
    )
    found = [_order(row_id, row, parts, remarks, known) for row_id, row in remarks.rows(ORDERS)]
    coming = tuple(order for order in found if order is not None)
    there = {stage.id for order in coming for stage in order.stages}
    for order_id, rows in parts.stages.items():
        left = [(row_id, row) for row_id, row in rows if row_id not in there and not remarks.stays(STAGES, row_id)]
        _all_stay(STAGES, left, f"Order {order_id} is not there, or stays.", remarks)
    for table, rows_of in ((ASSIGNMENTS, parts.assignments), (issues.TABLE, parts.issues)):
        for of_stage, rows in rows_of.items():
            if of_stage not in there:
                _all_stay(table, rows, f"Stage {of_stage} is not there, or stays.", remarks)
    return coming


def _all_stay(table: str, rows: Rows, reason: str, remarks: Remarks) -> None:
    for row_id, _ in rows:
        remarks.add(table, row_id, stays(reason, BY_HAND))


def _order(order_id: int, row: Row, parts: Parts, remarks: Remarks, known: Known) -> OldOrder | None:
    said: list[Remark] = []
    product, quantity = line_of(row.get("product_code")), amount_of(row.get("qty"))
    if product is None or product == "default":
        said.append(stays(f"Takip cannot keep its product code, {row.get('product_code')}.", AGAIN))
    if not quantity:
        said.append(stays(f"Its quantity is {row.get('qty')}; an order makes more than 0.", AGAIN))
    if product is None or not quantity or said:
        remarks.add(ORDERS, order_id, *said)
        return None
    written = _Written(row, known)
    taken = _within_limits(parts.stages.get(order_id, ()), remarks)
    window, planned = written.windows(taken, said)
    works = _works(taken, planned, window, known, remarks)
    first = min((span[0] for work in works for span in work.spans), default=window[0])
    opened_at = min(first, window[0], known.now)
    order = OldOrder(
        id=order_id,
        product_code=product,
        lot_no=written.lot(said),
        quantity=quantity,
        window=window,
        opened_at=opened_at,
        created_by=written.reference("created_by", known.people, said),
        machine_id=written.reference("machine_id", known.machines, said),
        note=None,
        stages=_stages(list(zip(taken, fitted(planned, window), works, strict=True)), parts, remarks, known, opened_at),
    )
    order = _with_produced(order, row, said) if taken else _with_only_stage(order, row, said)
    remarks.add(ORDERS, order_id, *said)
    return order


def _within_limits(rows: Rows, remarks: Remarks) -> Rows:
    """As many stages as an order of Takip may have."""
    _all_stay(STAGES, rows[MAX_STAGES:], f"An order has at most {MAX_STAGES} stages.", remarks)
    return rows[:MAX_STAGES]


class _Written(NamedTuple):
    """What is written in the row of an order."""

    row: Row
    known: Known

    def windows(self, stages: Rows, said: list[Remark]) -> tuple[Interval, list[Interval | None]]:
        """The planned window of the order, and those of its stages as they are written.

        An order without a plan gets that of its stages, else the time of their work, else the day of the import.
        """
        own = window_of(self.row, self.known.zone, said)
        planned = [window_of(row, self.known.zone, []) for _, row in stages]
        if own is not None:
            return own, planned
        known = [at for window in planned if window for at in window]
        if not known:
            works = (work_of(row, self.known.now, self.known.now, []) for _, row in stages)
            known = [at for work in works for span in work.spans for at in span if at is not None]
        if known:
            said.append(comes("It has no plan. In Takip it is planned for the time that is known of its stages.", LOOK))
            return (min(known), max(*known, min(known) + A_MINUTE)), planned
        said.append(comes("It has no plan, and nobody has worked on it. It is planned for a day from now.", LOOK))
        return (self.known.now, self.known.now + A_DAY), planned

    def lot(self, said: list[Remark]) -> str | None:
        """The lot; None if there is none that Takip can keep."""
        told = self.row.get("lot_no")
        lot = line_of(told)
        if lot is None and told not in (None, ""):
            said.append(doubtful("Takip cannot keep its lot: nobody can see it, or it is too long.", LOOK))
        return lot

    def reference(self, column: str, there: frozenset[int], said: list[Remark]) -> int | None:
        """The id of a person or a machine that is there."""
        told = self.row.get(column)
        if isinstance(told, int) and told in there:
            return told
        if told is not None:
            said.append(comes(f"{column} {told} is not there, so it is left out."))
        return None


def _works(
    rows: Rows, planned: Sequence[Interval | None], window: Interval, known: Known, remarks: Remarks
) -> list[Work]:
    works = []
    for (row_id, row), own in zip(rows, planned, strict=True):
        said: list[Remark] = []
        works.append(work_of(row, (own or window)[1], known.now, said))
        remarks.add(STAGES, row_id, *said)
    return works


def _stages(
    found_of: Sequence[tuple[tuple[int, Row], Interval | None, Work]],
    parts: Parts,
    remarks: Remarks,
    known: Known,
    opened_at: datetime,
) -> tuple[OldStage, ...]:
    """Stages of their rows, the windows that fit their order, and the work on them."""
    left = MAX_STAGES_AND_ASSIGNMENTS - len(found_of)
    found = []
    for position, ((row_id, row), window, work) in enumerate(found_of, start=1):
        said: list[Remark] = []
        if window != window_of(row, known.zone, said) and window is not None:
            said.append(doubtful("Its plan is missing or not within that of its order, so it gets one that is.", LOOK))
        people = _assignees(parts.assignments.get(row_id, ()), min(left, MAX_ASSIGNEES), remarks, known)
        left -= len(people)
        stage = OldStage(
            id=row_id,
            name=name_of(row, position, said),
            window=window,
            spans=work.spans,
            done_at=work.done_at,
            assignees=people,
            issues=issues.judged(parts.issues.get(row_id, ()), remarks, known.people, opened_at, known.now),
        )
        remarks.add(STAGES, row_id, *said)
        found.append(stage)
    return tuple(found)


def _assignees(rows: Rows, most: int, remarks: Remarks, known: Known) -> tuple[int, ...]:
    people: dict[int, None] = {}
    for row_id, row in rows:
        user_id = row.get("user_id")
        if not isinstance(user_id, int) or user_id not in known.people:
            remarks.add(ASSIGNMENTS, row_id, stays(f"Person {user_id} is not there, or stays.", BY_HAND))
        elif user_id not in people and len(people) == most:
            reason = f"An order has at most {MAX_STAGES_AND_ASSIGNMENTS} stages and assignments together."
            remarks.add(ASSIGNMENTS, row_id, stays(reason, "Assign them in Takip when others are done."))
        else:
            people[user_id] = None
            if user_id in known.inactive:
                reason = f"Person {user_id} is inactive until they have a new password, and is not assigned."
                remarks.add(ASSIGNMENTS, row_id, doubtful(reason, "Activate them in Takip, and import again."))
    return tuple(people)


def _with_produced(order: OldOrder, row: Row, said: list[Remark]) -> OldOrder:
    """The order with what was made of it, as good pieces of its last stage, if somebody has worked on that."""
    produced = row.get("produced_qty")
    good, last = amount_of(produced), order.stages[-1]
    if good is None and produced is not None:
        said.append(doubtful(f"produced_qty {produced} is no quantity, so it stays.", LOOK))
    if not good:
        return order
    if not last.spans:
        reason = f"Nobody has worked on its last stage, so what was produced ({good}) is in its note."
        said.append(comes(reason, "Report it in Takip when the stage is at work."))
        return replace(order, note=f"Old system: {good} produced.")
    return replace(order, stages=(*order.stages[:-1], replace(last, good=Decimal(good))))


def _with_only_stage(order: OldOrder, row: Row, said: list[Remark]) -> OldOrder:
    """The order with the one stage that an order of Takip has at least."""
    said.append(comes(f"It has no stages. In Takip it has one, {ONLY_STAGE}."))
    return _with_produced(replace(order, stages=(OldStage(0, ONLY_STAGE),)), row, said)
