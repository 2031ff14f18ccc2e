"""Texts and numbers of the old system, in the forms in which Takip keeps them."""

import re
from collections.abc import Callable
from decimal import Decimal

from chalicelib.domain import text
from infra.old_system.tables import Value

LONGEST_LINE = 200
LONGEST_NOTE = 1000
LARGEST = Decimal(10**12)
THOUSANDTH = Decimal("0.001")
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,30})(?:[.,]([0-9]{1,30}))?\s*", re.ASCII)
_SLUG = re.compile(r"[^a-z0-9]+")
_PLAIN = str.maketrans("çğıöşü", "cgiosu")


def line_of(value: Value) -> str | None:
    """A text as a name or a code of Takip; None if it cannot be one."""
    return _kept(value, text.line, LONGEST_LINE)


def note_of(value: Value, longest: int = LONGEST_NOTE) -> str | None:
    """A text as free text of Takip; None if it cannot be one."""
    return _kept(value, text.passage, longest)


def number_of(value: Value) -> float | str | None:
    """The value of a reading. `181,5` and ` 181.5 ` are 181.5. What is no number stays as it is."""
    found = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else float(f"{found[1]}.{found[2] or 0}")


def amount_of(value: Value) -> Decimal | None:
    """A quantity that Takip can keep: from 0 to 10¹², to three places; None if it is none."""
    if isinstance(value, str) or value is None:
        return None
    amount = Decimal(str(value))
    if not amount.is_finite() or not 0 <= amount <= LARGEST:
        return None
    return amount if amount == amount.quantize(THOUSANDTH) else None


def slug_of(name: str) -> str:
    """A name as the id of a machine: small letters without marks, digits and hyphens; it may be empty."""
    return _SLUG.sub("-", text.folded(name).translate(_PLAIN)).strip("-")[:48].strip("-")


def _kept(value: Value, form: Callable[[str], str], longest: int) -> str | None:
    try:
        kept = form(str(value)) if value is not None else ""
    except ValueError:
        return None
    return kept if 0 < len(kept) <= longest and len(text.folded(kept)) <= max(longest, LONGEST_LINE) else None
