"""The tables of an old system, the same whatever they were read from.

Every source tells values in a way of its own: SQLite keeps a time as a text, a dump knows only texts. So a value is
read by the name of its column, as the schema of the old system has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite

Value = str | int | float | None
Row = Mapping[str, Value]
"""A row by the names of its columns. A column that this generation of the schema does not have is not there."""
Tables = Mapping[str, Sequence[Row]]
"""The rows by the names of their tables, without the schema. A table that is not there is not there."""
Raw = str | int | float | bytes | None

NUMBERS = frozenset(
    {
        "id", "user_id", "work_order_id", "work_order_stage_id", "issue_id", "machine_id", "product_id", "created_by",
        "qty", "produced_qty", "cavity_count", "cycle_time_sec", "injection_temp_c", "mold_temp_c", "part_weight_g",
        "hourly_production",
    }
)  # fmt: skip
TIMES = frozenset(
    {
        "planned_start", "planned_end", "actual_start", "actual_end", "paused_at", "resumed_at", "created_at",
        "acknowledged_at", "resolved_at", "timestamp", "read_at", "updated_at", "deleted_at",
    }
)  # fmt: skip


def normalised(column: str, raw: Raw) -> Value:
    """A value as every source tells it: a whole number, a fraction, ISO 8601, or a text; None where there is none.

    A time has an offset only if the old system kept one. What is no number or no time stays the text that it is.
    """
    if raw is None:
        return None
    text = "\\x" + raw.hex() if isinstance(raw, bytes) else str(raw)
    if column in NUMBERS:
        return _number(text)
    return _time(text) if column in TIMES else text


def identified(rows: Sequence[Row]) -> Iterator[tuple[int | str, Row]]:
    """Each row of a table with what it is called: its id, or `row 3` where that is no number or another row's too."""
    seen: set[int] = set()
    for position, row in enumerate(rows, start=1):
        row_id = row.get("id")
        if isinstance(row_id, int) and row_id not in seen:
            seen.add(row_id)
            yield row_id, row
        else:
            yield f"row {position}", row


def _number(text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    return int(text) if text.lstrip("+-").isdecimal() else int(number) if number.is_integer() else number


def _time(text: str) -> str:
    try:
        return datetime.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return text
