"""The metrics of machines in the catalogue."""

from chalicelib.domain.numbers.catalogue_entries import ISO_22400, Entry, Of
from chalicelib.domain.numbers.examples_of_machines import MACHINE
from chalicelib.domain.numbers.metrics import OVER_MOST

MACHINES = (Of.MACHINE,)
DOUBTS = (OVER_MOST,)

ENTRIES = (
    Entry(
        "availability",
        "percent",
        "100 × producing time ÷ planned busy time; planned busy time is that of the shifts without breaks, planned "
        "stops and the time in which the machine was off",
        ISO_22400,
        MACHINES,
        MACHINE,
        ("no_calendar", "no_data", "no_plan"),
    ),
    Entry(
        "oee_effectiveness",
        "percent",
        "100 × standard time of the produced pieces (good, scrap, to rework) ÷ producing time in the shifts",
        ISO_22400,
        MACHINES,
        MACHINE,
        ("no_data", "no_run", "no_standard"),
        DOUBTS,
    ),
    Entry(
        "oee_quality",
        "percent",
        "100 × standard time of the good pieces ÷ standard time of the produced pieces",
        ISO_22400,
        MACHINES,
        MACHINE,
        ("no_output", "no_standard"),
        DOUBTS,
    ),
    Entry(
        "oee",
        "percent",
        "100 × standard time of the good pieces ÷ planned busy time; this is availability × effectiveness × quality",
        ISO_22400,
        MACHINES,
        MACHINE,
        ("no_calendar", "no_data", "no_plan", "no_standard"),
        DOUBTS,
    ),
)
