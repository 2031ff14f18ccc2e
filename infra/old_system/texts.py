"""Texts and numbers of the old system, in the forms in which Takip keeps them."""

from collections.abc import Callable
from decimal import Decimal

from chalicelib.domain import text
from infra.old_system.tables import Value

LONGEST_LINE = 200
LONGEST_NOTE = 1000
LARGEST = Decimal(10**12)
THOUSANDTH = Decimal("0.001")


def line_of(value: Value) -> str | None:
    """A text as a name or a code of Takip; None if it cannot be one."""
    return _kept(value, text.line, LONGEST_LINE)


def note_of(value: Value, longest: int = LONGEST_NOTE) -> str | None:
    """A text as free text of Takip; None if it cannot be one."""
    return _kept(value, text.passage, longest)


def amount_of(value: Value) -> Decimal | None:
    """A quantity that Takip can keep: from 0 to 10¹², to three places; None if it is none."""
    if isinstance(value, str) or value is None:
        return None
    amount = Decimal(str(value))
    if not amount.is_finite() or not 0 <= amount <= LARGEST:
        return None
    return amount if amount == amount.quantize(THOUSANDTH) else None


def _kept(value: Value, form: Callable[[str], str], longest: int) -> str | None:
    try:
        kept = form(str(value)) if value is not None else ""
    except ValueError:
        return None
    return kept if 0 < len(kept) <= longest and len(text.folded(kept)) <= max(longest, LONGEST_LINE) else None
