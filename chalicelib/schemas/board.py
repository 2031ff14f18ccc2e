"""The shape of a board: the state that a screen on the wall draws."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.domain.boards.explained import EXPLAINED, Explained
from chalicelib.domain.boards.state import Board, NeedKind, WorkState
from chalicelib.domain.labels.values import REASONS
from chalicelib.domain.priorities import Priority
from chalicelib.schemas.base import Filters, Out, left_out
from chalicelib.schemas.values import InstantOut, Line, NumberOut


class ReadBoard(Filters):
    """The line whose board is asked for (left out: the plant), and whether its numbers are explained."""

    line: Line | None = None
    explain: Literal["1"] | None = None


class BoardShiftOut(Out):
    """The time of which pieces are counted: the plant's shift or, outside of shifts, the local day, without a name."""

    name: str | None
    start: InstantOut = Field(alias="from")
    end: InstantOut = Field(alias="to")


class VerdictOut(Out):
    """How far ahead (+) or behind (−) the plan it is now, in `pieces` or `minutes`.

    `reason` says why it is not in pieces.
    """

    value: NumberOut | None
    unit: str | None
    reason: str | None


class OutputOut(Out):
    """Good pieces from `from` on, against those that were expected; null where they are not known."""

    start: InstantOut = Field(alias="from")
    good: NumberOut
    expected: NumberOut | None


class RateOut(Out):
    """A percentage; null with a reason."""

    value: NumberOut | None
    reason: str | None


class TilesOut(Out):
    """Late orders and stages, what stands still, unresolved issues by priority, and what was on time today."""

    late_orders: int
    late_stages: int
    blocked: int
    held: int
    open_issues: dict[Priority, int]
    on_time: RateOut
    orders_on_time: RateOut


class RowOut(Out):
    """A stage that was begun and has not ended. Long names are cut, with `…` at their end.

    `late_minutes` are those by which it will be late by its forecast or, without one, is late; negative: early. What is
    not known is left out.
    """

    stage_id: str
    number: str
    product: str
    stage: str
    state: WorkState
    since: InstantOut
    good: NumberOut
    expected: NumberOut | None = left_out()
    quantity: NumberOut
    late_minutes: NumberOut
    is_late: bool
    projected_end: InstantOut | None = left_out()
    machine: str | None = left_out()
    people: list[str]
    more_people: int | None = left_out()


class NeedOut(Out):
    """Something that needs action: an issue, a forgotten session, or a stop without a reason."""

    kind: NeedKind
    since: InstantOut
    number: str | None = left_out()
    machine: str | None = left_out()
    what: str | None = left_out()
    priority: Priority | None = left_out()
    text: str | None = left_out()
    person: str | None = left_out()
    escalates_at: InstantOut | None = left_out()


class ReasonLabelOut(Out):
    """What a reason is called in Turkish and in English."""

    tr: str
    en: str


class LostOut(Out):
    """What was lost today for a reason (null: nobody gave one): minutes of stops, or pieces of scrap.

    `label` is what the reason is called; a plant's own reason has none.
    """

    reason: str | None
    size: NumberOut
    share: NumberOut | None
    label: ReasonLabelOut | None = left_out()


class ExplainedWindowOut(Out):
    """The time of which a number is made."""

    start: InstantOut = Field(alias="from")
    end: InstantOut = Field(alias="to")


class ExplainedNumberOut(Out):
    """How a number of the board is made.

    `name` is the metric of the catalogue, with its formula id, or a count. `door` answers the same number.
    """

    number: str
    name: str
    formula: str | None
    over: str
    window: ExplainedWindowOut | None
    door: str
    words: str


class BoardOut(Out):
    """The state of a line, or of the plant (null), as of an instant; `stale`: nothing keeps it up to date any more.

    `made` are good pieces of the shift so far. `unmeasured` counts the machines and stages at which nothing is expected
    although somebody works there; `made_reason` says why nothing is expected anywhere.
    """

    tenant: str
    line: str | None
    timezone: str
    as_of: InstantOut
    stale: bool = False
    shift: BoardShiftOut
    verdict: VerdictOut
    made: OutputOut
    made_reason: str | None
    unmeasured: int
    hours: list[OutputOut]
    tiles: TilesOut
    machines: int
    idle: int
    rows: list[RowOut]
    more_rows: int
    needs: list[NeedOut]
    more_needs: int
    stops: list[LostOut]
    scrap: list[LostOut]
    explained: list[ExplainedNumberOut] | None = left_out()


def board_out(board: Board, now: datetime, *, explain: bool) -> BoardOut:
    """Show a board, and how its numbers are made if that is asked for."""
    explained = [_explained_out(each, board) for each in EXPLAINED] if explain else None
    shown = BoardOut.model_validate(board)
    losses = {"stops": _labelled(shown.stops, "stop_reason"), "scrap": _labelled(shown.scrap, "scrap_reason")}
    return shown.model_copy(update={"stale": board.is_stale(now), "explained": explained} | losses)


def _labelled(losses: Iterable[LostOut], known: str) -> list[LostOut]:
    """Losses with the labels of their reasons, of a list of reasons that every plant has at first."""
    labels = {code: ReasonLabelOut(**label._asdict()) for code, label in REASONS[known].items()}
    return [loss.model_copy(update={"label": labels.get(loss.reason or "")}) for loss in losses]


def _explained_out(each: Explained, board: Board) -> ExplainedNumberOut:
    window = each.window(board)
    return ExplainedNumberOut(
        number=each.number,
        name=each.name,
        formula=each.formula,
        over=each.over,
        window=ExplainedWindowOut(start=window[0], end=window[1]) if window else None,
        door=each.door,
        words=each.words,
    )
