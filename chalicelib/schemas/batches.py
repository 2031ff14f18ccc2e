"""The shapes of the results of a batch: for each item its result, with its data or its error."""

from typing import Literal

from chalicelib.domain.floor.shifts import ShiftOutcome
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.issues import IssueOut
from chalicelib.schemas.minimal import MinimalOut
from chalicelib.schemas.problems import ProblemOut
from chalicelib.schemas.sessions import SessionOut
from chalicelib.schemas.stages import StageOut
from chalicelib.schemas.work_orders import OrderHead


class ImportedOut(Out):
    """The result of one row of an import: the order, or the error.

    `row` counts the rows from 0. `line` is the line in a spreadsheet whose first line holds the names of the columns:
    the first row is line 2.
    """

    row: int
    line: int
    result: Literal["created", "duplicate", "conflict", "rejected"]
    data: OrderHead | None = left_out()
    error: ProblemOut | None = left_out()


class SynchronisedOut(Out):
    """The result of one command of a phone: the answer of its own endpoint, or little of it, or the error."""

    id: str | None
    result: Literal["applied", "duplicate", "conflict", "rejected"]
    data: StageOut | SessionOut | IssueOut | None = left_out()
    minimal: MinimalOut | None = left_out()
    error: ProblemOut | None = left_out()


class SynchronisedBatchOut(Out):
    """The results of the commands, in their order.

    `clock_skew_seconds` tells how far the phone's clock is ahead of the server's (negative: behind), if it sent its
    time. The way of the request is in it.
    """

    items: list[SynchronisedOut]
    clock_skew_seconds: int | None = left_out()


class ClosedOut(Out):
    """The result of a shift's end on one stage, with the error if it was rejected."""

    stage_id: str
    result: ShiftOutcome
    error: ProblemOut | None = left_out()
