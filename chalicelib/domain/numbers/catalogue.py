"""The catalogue: every metric that Takip answers, with its formula, unit, source and reasons, and a worked example."""

from collections.abc import Mapping

from chalicelib.domain.numbers import (
    catalogue_of_days,
    catalogue_of_hours,
    catalogue_of_losses,
    catalogue_of_machines,
    catalogue_of_plans,
    catalogue_of_products,
    catalogue_of_work,
)
from chalicelib.domain.numbers.catalogue_entries import Entry, Example

# Every family has a file of its own. A new one is added here.
ENTRIES: tuple[Entry, ...] = (
    *catalogue_of_work.ENTRIES,
    *catalogue_of_plans.ENTRIES,
    *catalogue_of_days.ENTRIES,
    *catalogue_of_hours.ENTRIES,
    *catalogue_of_losses.ENTRIES,
    *catalogue_of_products.ENTRIES,
    *catalogue_of_machines.ENTRIES,
)

BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in ENTRIES}

EXAMPLES: tuple[Example, ...] = tuple({entry.example.name: entry.example for entry in ENTRIES}.values())

# What the reasons mean for which a metric is null.
REASONS: Mapping[str, str] = {
    "not_started": "nobody has worked on it yet",
    "not_done": "it is not done yet; this number exists only for what is done",
    "no_run": "it has no run time, so there is nothing to divide by",
    "no_standard": "no stage of it has a standard time a piece",
    "no_output": "nothing was produced",
    "no_data": "nothing happened in the window that could be counted",
    "no_calendar": "neither the machine nor the plant has a shift calendar",
    "no_plan": "nothing was planned, so there is nothing to divide by",
    "skipped": "it was skipped; a day counts how many were, and leaves them out of all else",
    "cancelled": "it was cancelled; a day counts how many were, and leaves them out of all else",
    "not_aggregated": "it was done a moment ago and its numbers are not made yet; only exports, which do not wait",
    "done": "it is done, so its end is known",
    "no_open_session": "nobody works on it now, so it is not known when it ends",
    "too_far": "at this speed it would end after the end of the calendar",
    "not_recorded": "an earlier release did not keep what it is made of, or it was interrupted more than 100 times",
}

# What makes no sense about a plan or a standard, so that a metric is implausible.
DOUBTS: Mapping[str, str] = {
    "plan_under_a_minute": "the plan is shorter than a minute",
    "over_1000_percent": "the value is above 1,000 %: it took less than a tenth of the planned or the standard time",
}
