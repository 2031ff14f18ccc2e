"""The metrics of days, and of issues, in the catalogue."""

from chalicelib.domain.numbers.catalogue_entries import ANSWERS, FLOOR, PLAN, Entry, Of
from chalicelib.domain.numbers.example_inputs import DAY, ISSUES

DAYS = (Of.DAY,)
ANSWERED = (Of.DAY, Of.ISSUES)
NO_DATA = ("no_data",)
MEDIAN = "median of {}; of an even number the mean of the two in the middle"
P90 = "the smallest of {} that nine tenths do not exceed (nearest rank)"
ACKNOWLEDGED = "acknowledged − created, by the server's clock"
RESOLVED = "resolved − created, by the server's clock"
AGES = "now − created, of the issues that are open now"

ENTRIES = (
    Entry(
        "on_time_rate",
        "percent",
        "100 × stages that were done that day and are not late ÷ stages that were done that day; "
        "skipped and cancelled ones are left out",
        PLAN,
        DAYS,
        DAY,
        (*NO_DATA, "not_recorded"),
    ),
    Entry(
        "order_on_time_rate",
        "percent",
        "100 × orders that were done that day and are not late ÷ orders that were done that day",
        PLAN,
        DAYS,
        DAY,
        (*NO_DATA, "not_recorded"),
    ),
    Entry(
        "baseline_on_time_rate",
        "percent",
        "as on_time_rate, against the first plan of each stage",
        PLAN,
        DAYS,
        DAY,
        (*NO_DATA, "not_recorded"),
    ),
    Entry(
        "baseline_order_on_time_rate",
        "percent",
        "as order_on_time_rate, against the first plan of each order",
        PLAN,
        DAYS,
        DAY,
        (*NO_DATA, "not_recorded"),
    ),
    Entry(
        "run",
        "minutes",
        "time of the day in which at least one session was open",
        FLOOR,
        DAYS,
        DAY,
        ("not_recorded",),
    ),
    Entry("mtta", "minutes", MEDIAN.format(ACKNOWLEDGED), ANSWERS, ANSWERED, ISSUES, NO_DATA),
    Entry("mtta_p90", "minutes", P90.format(ACKNOWLEDGED), ANSWERS, ANSWERED, ISSUES, NO_DATA),
    Entry("mttr", "minutes", MEDIAN.format(RESOLVED), ANSWERS, ANSWERED, ISSUES, NO_DATA),
    Entry("mttr_p90", "minutes", P90.format(RESOLVED), ANSWERS, ANSWERED, ISSUES, NO_DATA),
    Entry(
        "repeat_rate",
        "percent",
        "100 × issues of a machine that repeat one of the same type in the window ÷ issues of machines",
        ANSWERS,
        (Of.ISSUES,),
        ISSUES,
        NO_DATA,
    ),
    Entry("open_age", "minutes", MEDIAN.format(AGES), ANSWERS, (Of.ISSUES,), ISSUES, NO_DATA),
    Entry("open_age_p90", "minutes", P90.format(AGES), ANSWERS, (Of.ISSUES,), ISSUES, NO_DATA),
)
