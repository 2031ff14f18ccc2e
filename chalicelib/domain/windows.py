"""Windows: from when to when something is planned, and what a window may not be."""

from datetime import datetime

from chalicelib.domain.errors import FieldError

Window = tuple[datetime, datetime]
"""The planned start and end of an order or of a stage."""


def empty(window: Window, field: str = "") -> list[FieldError]:
    """Judge a window by itself: it must have a length. `field` is what its fields begin with."""
    start, end = window
    return [FieldError(f"{field}planned_end", "must be after planned_start", "after_start")] if end <= start else []


def outside(window: Window, order: Window, field: str = "", whose: str = "") -> list[FieldError]:
    """Judge the window of a stage against its order's; `whose` begins the message where the field does not tell."""
    errors = []
    if window[0] < order[0]:
        message = f"{whose}must not be before the order's planned_start"
        errors.append(FieldError(f"{field}planned_start", message, "outside_order"))
    if window[1] > order[1]:
        message = f"{whose}must not be after the order's planned_end"
        errors.append(FieldError(f"{field}planned_end", message, "outside_order"))
    return errors
