"""What the inputs of metrics are, why they count in part or not at all, and the names of what else is used of them."""

from collections.abc import Mapping

from chalicelib.domain.numbers.inputs import Kind

KINDS: Mapping[Kind, str] = {
    Kind.STAGE: "a stage: its plan, its times and its pieces",
    Kind.SESSION: "somebody's work on a stage, with the pieces of its reports and of its closing",
    Kind.REPORT: "pieces that were reported while a session was open; they are a part of the session's",
    Kind.PAUSE: "a time in which nobody worked at a stage that had begun",
    Kind.BLOCK: "a time in which a blocking issue was open",
    Kind.HOLD: "a time in which the order was held",
    Kind.ORDER: "the order: its plan, its times and its quantity",
    Kind.SETTING: "a setting of the plant",
    Kind.ISSUE: "an issue that was reported, acknowledged or resolved",
    Kind.SHIFT: "planned time: a part of a shift without its breaks",
    Kind.BREAK: "a break of a shift",
    Kind.STATE: "a state of the machine, cut where planned time begins or ends",
    Kind.WINDOW: "the time that the number is of: a day, a time of the shift, or the window that was asked for",
}

REASONS: Mapping[str, str] = {
    "open": "it goes on, so it ends now; it has no end in which its pieces would count",
    "corrected": "another session stands in its place",
    "voided": "it was withdrawn",
    "not_last_stage": "only the pieces of the last stage leave the plant",
    "outside_of_window": "a part of it, or all of it, lies outside of the day, the shift or the window",
    "future": "what lies in the future is not known",
    "break": "a break is not planned busy time",
    "not_planned": "no shift was planned then",
    "ended_elsewhere": "its pieces count where it ended, which is outside of the window",
    "ends_later": "its pieces count where it ends, which is later",
    "not_acknowledged": "it was not acknowledged that day",
    "not_resolved": "it was not resolved that day",
    "makes_no_pieces": "nobody makes new pieces in a session of setup, rework or breakdown",
    "outside_of_its_time": "part or all of it is before the start or after the end of the stage or the order",
}

NAMES: Mapping[str, str] = {
    "planned_start": "the plan in force",
    "planned_end": "the plan in force",
    "baseline_start": "the first plan",
    "baseline_end": "the first plan",
    "created_at": "when the order was opened in Takip",
    "quantity": "how much was ordered",
    "run_seconds": "the run time of the stage",
    "labour_seconds": "the labour of the stage",
    "delay_seconds": "how late the stage was done; negative if it was early",
    "lead_seconds": "from the first start to the last end of the order",
    "late": "1 if it was late, else 0",
    "baseline_late": "1 if it was late against the first plan, else 0",
    "standard_seconds": "what the pieces of the stage take by its standard",
    "paused_seconds": "how long nobody worked at the stage after the session",
    "acknowledged_seconds": "from the report of the issue to its acknowledgement",
    "resolved_seconds": "from the report of the issue to its resolution",
    "status": "the status of the stage or the order",
    "kind": "the kind of the session (run, setup, rework, breakdown), or the type of the issue",
    "state": "the state of the machine",
    "source": "where the state is from: from the machine's readings (states), or from the sessions that name it",
    "pause_reason": "the reason that was given for the pause",
    "corrects": "the session in whose place this one stands",
    "session_id": "the session of the report",
    "good_from_rework": "good pieces that had needed rework; they are a part of the good ones",
    "standard_seconds_per_unit": "the standard time a piece",
    "blocked_seconds": "the part of a pause in which the stage was blocked",
    "held_seconds": "the part of a pause in which the order was held and the stage was not blocked",
    "seconds": "the value of the setting",
}

_LIVED = (Kind.STAGE, Kind.ORDER)
_PAUSED = (Kind.STAGE, Kind.PAUSE, Kind.BLOCK)
_ANSWERED = (Kind.ISSUE,)

MADE_OF: Mapping[str, tuple[Kind, ...]] = {
    **dict.fromkeys(("planned_duration", "elapsed", "start_delay", "delay"), _LIVED),
    **dict.fromkeys(("baseline_planned_duration", "baseline_delay", "delay_start", "delay_reserve"), _LIVED),
    **dict.fromkeys(("is_late", "baseline_is_late"), (*_LIVED, Kind.SETTING)),
    **dict.fromkeys(("actual_duration", "labour", "projected_end", "expected_delay"), (*_LIVED, Kind.SESSION)),
    **dict.fromkeys(("efficiency", "effectiveness", "quality", "delay_run"), (Kind.STAGE, Kind.SESSION)),
    **dict.fromkeys(("on_time_percent", "baseline_on_time_percent"), (Kind.STAGE, Kind.SETTING)),
    **dict.fromkeys(("lead_time", "lead_time_from_release"), (Kind.ORDER,)),
    "flow_efficiency": (Kind.ORDER, Kind.SESSION),
    "throughput": (*_LIVED, Kind.SESSION, Kind.WINDOW),
    "delay_blocked": _PAUSED,
    **dict.fromkeys(("delay_held", "delay_paused"), (*_PAUSED, Kind.HOLD)),
    **dict.fromkeys(("on_time_rate", "baseline_on_time_rate"), (Kind.STAGE,)),
    **dict.fromkeys(("order_on_time_rate", "baseline_order_on_time_rate"), (Kind.ORDER,)),
    "run": (Kind.SESSION,),
    **dict.fromkeys(("mtta", "mtta_p90", "mttr", "mttr_p90"), _ANSWERED),
    "availability": (Kind.SHIFT, Kind.STATE),
    "oee_effectiveness": (Kind.STATE, Kind.SESSION),
    "oee_quality": (Kind.SESSION,),
    "oee": (Kind.SHIFT, Kind.STATE, Kind.SESSION),
}
"""The kinds of inputs from which each explained metric follows."""
