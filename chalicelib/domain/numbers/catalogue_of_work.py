"""The metrics of stages and orders in the catalogue."""

from chalicelib.domain.numbers.catalogue_entries import FLOOR, ISO_22400, PLAN, Entry, Of
from chalicelib.domain.numbers.example_inputs import ORDER, STAGE
from chalicelib.domain.numbers.metrics import OVER_MOST
from chalicelib.domain.numbers.stage_metrics import SHORT_PLAN

BOTH = (Of.STAGE, Of.ORDER)
ALL = (*BOTH, Of.DAY)

ENTRIES = (
    Entry(
        "planned_duration",
        "minutes",
        "planned end − planned start, of the plan in force",
        PLAN,
        BOTH,
        STAGE,
        doubts=(SHORT_PLAN,),
    ),
    Entry(
        "actual_duration",
        "minutes",
        "time in which at least one session was open (the union of the sessions; an open one ends now)",
        FLOOR,
        BOTH,
        STAGE,
        reasons=("not_started",),
    ),
    Entry(
        "labour",
        "minutes",
        "sum of the lengths of all sessions; two people for an hour are two hours",
        FLOOR,
        ALL,
        STAGE,
        reasons=("not_started", "not_recorded"),
    ),
    Entry(
        "elapsed",
        "minutes",
        "end − start; while open: now − start",
        FLOOR,
        BOTH,
        STAGE,
        reasons=("not_started",),
    ),
    Entry(
        "start_delay",
        "minutes",
        "start − planned start; positive is late",
        PLAN,
        BOTH,
        STAGE,
        reasons=("not_started",),
    ),
    Entry(
        "delay",
        "minutes",
        "end − planned end; while open: the later of now and the planned end, − planned end; positive is late. "
        "A day: the sum over the stages that were done on it",
        PLAN,
        ALL,
        STAGE,
        reasons=("skipped", "cancelled", "no_data", "not_recorded"),
    ),
    Entry(
        "is_late",
        "boolean",
        "whether the delay is longer than the plant's grace (0 unless it is set)",
        PLAN,
        BOTH,
        STAGE,
        reasons=("skipped", "cancelled"),
    ),
    Entry(
        "efficiency",
        "percent",
        "100 × planned duration ÷ run time; above 100 is faster than planned. "
        "An order, a day: sum ÷ sum over the done stages",
        f"{PLAN}; not the worker efficiency of ISO 22400",
        ALL,
        STAGE,
        reasons=("not_done", "no_run", "skipped", "cancelled", "no_data", "not_recorded"),
        doubts=(SHORT_PLAN, OVER_MOST),
    ),
    Entry(
        "effectiveness",
        "percent",
        "100 × standard time a piece × produced pieces ÷ run time; never capped at 100. "
        "An order: sum ÷ sum over its stages with a standard. A day: over the done stages with a standard",
        f"{ISO_22400}: effectiveness",
        ALL,
        STAGE,
        reasons=("no_standard", "no_run", "no_data", "not_recorded"),
        doubts=(OVER_MOST,),
    ),
    Entry(
        "quality",
        "percent",
        "100 × (good − good from rework) ÷ (good + scrap + pieces that still need rework). "
        "An order: sum ÷ sum over its stages. A day: sum ÷ sum over the done stages",
        f"{ISO_22400}: first pass yield",
        ALL,
        STAGE,
        reasons=("no_output", "no_data", "not_recorded"),
    ),
    Entry(
        "on_time_percent",
        "percent",
        "100 × stages that were done and are not late ÷ stages that were done",
        PLAN,
        (Of.ORDER,),
        ORDER,
        reasons=("not_done",),
    ),
    Entry(
        "lead_time",
        "minutes",
        "last end − first start",
        FLOOR,
        (Of.ORDER,),
        ORDER,
        reasons=("not_done", "no_run"),
    ),
    Entry(
        "lead_time_from_release",
        "minutes",
        "last end − the time at which the order was opened in Takip",
        FLOOR,
        (Of.ORDER,),
        ORDER,
        reasons=("not_done",),
    ),
    Entry(
        "flow_efficiency",
        "percent",
        "100 × run time ÷ lead time",
        FLOOR,
        (Of.ORDER,),
        ORDER,
        reasons=("not_done", "no_run"),
    ),
    Entry(
        "throughput",
        "pieces_per_hour",
        "good pieces of the last stage that is not skipped ÷ hours from the first start to the last end, or until now; "
        "a piece counts at the end of its session. A day: good pieces of last stages ÷ hours of the whole day",
        FLOOR,
        (Of.ORDER, Of.DAY),
        ORDER,
        reasons=("not_started", "no_run", "skipped", "not_recorded"),
    ),
)
