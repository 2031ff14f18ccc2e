"""The metrics of the worked examples that are no quotient, computed by hand, and what the numbers in that are."""

from collections.abc import Mapping

# 24:00 is a whole day: what happens at 08:30 on the next one is at 24:00 + 08:30. Numbers without a colon are minutes.
BY_HAND: Mapping[str, tuple[str, str]] = {
    "planned_duration": ("09:00 − 08:00", "planned end − planned start"),
    "actual_duration": ("20 + 30", "08:10 to 08:30, and 08:00 to 08:30 on the 6th; the third session lies inside"),
    "labour": ("20 + 30 + 10", "all three sessions"),
    "elapsed": ("24:00 + 08:30 − 08:10", "end on the 6th − start on the 5th"),
    "start_delay": ("08:10 − 08:00", "start − planned start"),
    "delay": ("24:00 + 08:30 − 09:00", "end on the 6th − planned end on the 5th"),
    "is_late": ("1410 > 0", "delay, grace"),
    "baseline_planned_duration": ("09:00 − 08:00", "it was not replanned"),
    "baseline_delay": ("24:00 + 08:30 − 09:00", "it was not replanned"),
    "baseline_is_late": ("1410 > 0", "delay against the first plan, grace"),
    "delay_start": ("08:10 − 08:00", "start − planned start"),
    "delay_blocked": ("09:15 − 08:30", "nobody works from 08:30 on; it is blocked until 09:15"),
    "delay_held": ("10:00 − 09:15", "the order is held until 10:00"),
    "delay_paused": ("24:00 + 08:00 − 10:00", "the rest, until work begins again on the 6th"),
    "delay_run": (
        "50 − 60",
        "run time − planned duration; with the four parts above it is 10 + 45 + 45 + 1320 − 10 = 1410",
    ),
    "lead_time": ("24:00 + 09:50 − 08:10", "last end on the 6th − first start on the 5th"),
    "lead_time_from_release": ("48:00 + 09:50 − 08:00", "last end on the 6th − opened on the 4th"),
    "delay_reserve": ("10:00 − 12:00", "planned end of the stage that ended last − planned end of the order"),
    "expected_delay": ("08:52 − 09:00", "projected end − planned end"),
    "run": ("480", "the union of the sessions of the day, as it is stored"),
    "mtta": ("(6 + 11) ÷ 2", "of 4, 6, 11 and 20 the two in the middle"),
    "mtta_p90": ("20", "nine tenths of four issues are 3.6, so it is the fourth"),
    "mttr": ("45", "of 30, 45 and 60 the one in the middle"),
    "mttr_p90": ("60", "nine tenths of three issues are 2.7, so it is the third"),
    "open_age": ("90", "one issue is open"),
    "open_age_p90": ("90", "one issue is open"),
}
