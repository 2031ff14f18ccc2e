"""Making a board of what was read of its plant. Every number is made by the function that makes it everywhere else."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.boards.needs import needs_of
from chalicelib.domain.boards.output import Made, made_of
from chalicelib.domain.boards.rows import rows_of
from chalicelib.domain.boards.seen import Part, Seen
from chalicelib.domain.boards.state import Board, Lost, Rate, Row, Tiles, Verdict
from chalicelib.domain.intervals import Interval, bounds, local_day
from chalicelib.domain.numbers import days, pareto
from chalicelib.domain.numbers.metrics import Metric, rounded
from chalicelib.domain.numbers.pareto import Loss

MOST_REASONS = 3
MOST_BYTES = 4_850
"""The most bytes of a board as JSON, without what is None. With that and its envelope an answer has 5 KB at most."""

LABEL_BYTES = 60
"""The most bytes of what a reason is called, which an answer adds to each."""

NOTHING_RUNS = "nothing_runs"


def board_of(line: str | None, seen: Seen) -> Board:
    """The board of a line or of the plant (None), with so many rows as have room."""
    part = Part(seen, line)
    made = made_of(part)
    rows, more_rows = rows_of(part)
    needs, more_needs = needs_of(part)
    at_work = {session.machine_id for stage in seen.at_work for session in stage.open_sessions}
    board = Board(
        tenant=seen.tenant,
        line=line,
        timezone=seen.settings.timezone,
        as_of=seen.now,
        shift=seen.shift,
        verdict=_verdict(made, rows),
        made=made.total,
        made_reason=made.reason,
        unmeasured=made.unmeasured,
        hours=made.hours,
        tiles=_tiles(part),
        machines=len(part.machines),
        idle=len(part.machine_ids - at_work),
        rows=rows,
        more_rows=more_rows,
        needs=needs,
        more_needs=more_needs,
        stops=_lost(pareto.of_stops(part.stops(), _today(seen))),
        scrap=_lost(pareto.of_scrap(part.sums())),
    )
    return _fitted(board)


def _verdict(made: Made, rows: Iterable[Row]) -> Verdict:
    """Ahead or behind in pieces or, where they are not known, by the minutes of the latest row."""
    if made.ahead is not None:
        return Verdict(made.ahead, "pieces")
    worst = max((row.late_minutes for row in rows), default=None)
    if worst is None:
        return Verdict(reason=NOTHING_RUNS)
    return Verdict(-worst, "minutes", made.reason)


def _tiles(part: Part) -> Tiles:
    counts, issues = part.counts()
    seen = part.seen
    window = bounds(_day(seen), seen.settings.timezone)
    metrics = days.of_sums(part.sums(), window[1] - window[0])
    return Tiles(
        late_orders=counts.late_orders,
        late_stages=counts.late_stages,
        blocked=counts.blocked,
        held=counts.held,
        open_issues=issues,
        on_time=_rate(metrics["on_time_rate"]),
        orders_on_time=_rate(metrics["order_on_time_rate"]),
    )


def _rate(metric: Metric) -> Rate:
    return Rate(metric.value if isinstance(metric.value, Decimal) else None, metric.reason)


def _lost(losses: Iterable[Loss]) -> tuple[Lost, ...]:
    """The largest reasons of losses."""
    rows, _ = pareto.rows_of(losses)
    shares = [row.metrics["share"].value for row in rows[:MOST_REASONS]]
    return tuple(
        Lost(row.loss.reason, rounded(row.loss.size), share if isinstance(share, Decimal) else None)
        for row, share in zip(rows, shares, strict=False)
    )


def _today(seen: Seen) -> Interval:
    return bounds(_day(seen), seen.settings.timezone)[0], seen.now


def _day(seen: Seen) -> date:
    return local_day(seen.now, seen.settings.timezone)


def _fitted(board: Board) -> Board:
    """The board with so many of its rows as have room. The last one is the least bad."""
    while board.rows and _size(board) > MOST_BYTES:
        board = replace(board, rows=board.rows[:-1], more_rows=board.more_rows + 1)
    return board


def _size(board: Board) -> int:
    known = asdict(board, dict_factory=lambda pairs: {name: value for name, value in pairs if value is not None})
    labels = LABEL_BYTES * len(board.stops + board.scrap)
    return labels + len(json.dumps(known, default=str, ensure_ascii=False, separators=(",", ":")).encode())
