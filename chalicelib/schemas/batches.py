"""The shapes of the items of a batch: how it went with each, and what came of it or why it was refused."""

from typing import Literal

from chalicelib.domain.floor.shifts import Outcome
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.issues import IssueOut
from chalicelib.schemas.problems import ProblemOut
from chalicelib.schemas.sessions import SessionOut
from chalicelib.schemas.stages import StageOut
from chalicelib.schemas.work_orders import OrderHead


class ImportedOut(Out):
    """How it went with one row of an import: the order, or why there is none.

    `row` counts the rows that were sent, from 0. `line` is the line in a spreadsheet whose first line holds the names
    of the columns: the first row is line 2.
    """

    row: int
    line: int
    result: Literal["created", "duplicate", "conflict", "rejected"]
    data: OrderHead | None = left_out()
    error: ProblemOut | None = left_out()


class SynchronisedOut(Out):
    """How it went with one command of a phone: what its own door would answer, or why it was refused."""

    id: str | None
    result: Literal["applied", "duplicate", "conflict", "rejected"]
    data: StageOut | SessionOut | IssueOut | None = left_out()
    error: ProblemOut | None = left_out()


class ClosedOut(Out):
    """How a shift's end came out on one stage, and why where it was rejected."""

    stage_id: str
    result: Outcome
    error: ProblemOut | None = left_out()
