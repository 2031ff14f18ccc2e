"""The metrics of hours in the catalogue."""

from chalicelib.domain.numbers.catalogue_entries import FLOOR, PLAN, Entry, Of
from chalicelib.domain.numbers.examples_of_hours import AN_HOUR
from chalicelib.domain.numbers.metrics import OVER_MOST

HOURS = (Of.HOUR,)
UNKNOWN = ("no_calendar", "no_run", "no_standard")

ENTRIES = (
    Entry(
        "expected",
        "pieces",
        "planned busy seconds in which a stage was worked on, its pauses included ÷ its standard seconds a piece; "
        "stages that are worked on at once share the time",
        PLAN,
        HOURS,
        AN_HOUR,
        UNKNOWN,
    ),
    Entry(
        "attainment",
        "percent",
        "100 × good pieces that were reported ÷ expected pieces",
        FLOOR,
        HOURS,
        AN_HOUR,
        (*UNKNOWN, "no_plan"),
        (OVER_MOST,),
    ),
)
