"""The metrics in the catalogue that compare stages and orders with their plans: baseline, split delay, forecast."""

from chalicelib.domain.numbers.catalogue_entries import PLAN, Entry, Of
from chalicelib.domain.numbers.example_inputs import ORDER, RUNNING, STAGE

BOTH = (Of.STAGE, Of.ORDER)
GIVEN_UP = ("skipped", "cancelled")
NOT_SPLIT = ("not_done", "no_run", *GIVEN_UP)
NOT_KNOWN = (*NOT_SPLIT, "not_recorded")
OPEN_END = ("done", *GIVEN_UP, "no_standard", "no_open_session", "too_far")
GAPS = "the part of the gaps (between the sessions, and from the last one to the end)"

ENTRIES = (
    Entry(
        "baseline_planned_duration",
        "minutes",
        "planned end − planned start, of the first plan",
        PLAN,
        BOTH,
        STAGE,
    ),
    Entry(
        "baseline_delay",
        "minutes",
        "as `delay`, against the first plan",
        PLAN,
        BOTH,
        STAGE,
        GIVEN_UP,
    ),
    Entry(
        "baseline_is_late",
        "boolean",
        "as `is_late`, against the first plan",
        PLAN,
        BOTH,
        STAGE,
        GIVEN_UP,
    ),
    Entry(
        "baseline_on_time_percent",
        "percent",
        "as `on_time_percent`, against the first plan",
        PLAN,
        (Of.ORDER,),
        ORDER,
        ("not_done",),
    ),
    Entry(
        "delay_start",
        "minutes",
        "start − planned start: the part of the delay that was there when it began",
        PLAN,
        BOTH,
        STAGE,
        NOT_SPLIT,
    ),
    Entry(
        "delay_blocked",
        "minutes",
        f"{GAPS} in which a blocking issue was open",
        PLAN,
        BOTH,
        STAGE,
        NOT_KNOWN,
    ),
    Entry(
        "delay_held",
        "minutes",
        f"{GAPS} in which the order was held and no blocking issue was open",
        PLAN,
        BOTH,
        STAGE,
        NOT_KNOWN,
    ),
    Entry(
        "delay_paused",
        "minutes",
        "the rest of the gaps",
        PLAN,
        BOTH,
        STAGE,
        NOT_KNOWN,
    ),
    Entry(
        "delay_run",
        "minutes",
        "run time − planned duration: it took longer (+) or less long (−) than planned",
        PLAN,
        BOTH,
        STAGE,
        NOT_SPLIT,
    ),
    Entry(
        "delay_reserve",
        "minutes",
        "planned end of the stage that ended last − planned end of the order",
        PLAN,
        (Of.ORDER,),
        ORDER,
        NOT_SPLIT,
    ),
    Entry(
        "projected_end",
        "instant",
        "now + missing good pieces × standard time a piece ÷ open sessions of work. "
        "An order: the latest of its stages that have not ended",
        PLAN,
        BOTH,
        RUNNING,
        OPEN_END,
    ),
    Entry(
        "expected_delay",
        "minutes",
        "projected end − planned end; positive is late",
        PLAN,
        BOTH,
        RUNNING,
        OPEN_END,
    ),
)
