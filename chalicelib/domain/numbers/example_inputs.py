"""The inputs of the worked examples, and the examples themselves."""

from chalicelib.domain.numbers import examples
from chalicelib.domain.numbers.catalogue_entries import Example

# A stage that is planned for an hour and takes 50 minutes in two stretches, with a night between. Two people work on
# the second day, and ten minutes of theirs overlap. After the first stretch an issue blocks the stage for 45 minutes.
# In the last 15 of them the order is held already, and for 45 more.
_MOULDING = {
    "name": "Enjeksiyon",
    "planned_start": "2026-01-05T08:00:00Z",
    "planned_end": "2026-01-05T09:00:00Z",
    "standard_seconds_per_unit": 24,
    "good": 96,
    "good_from_rework": 2,
    "scrap": 3,
    "rework": 1,
    "blocked": [{"from": "2026-01-05T08:30:00Z", "to": "2026-01-05T09:15:00Z"}],
    "sessions": [
        {"worker": "veli", "started_at": "2026-01-05T08:10:00Z", "ended_at": "2026-01-05T08:30:00Z"},
        {"worker": "veli", "started_at": "2026-01-06T08:00:00Z", "ended_at": "2026-01-06T08:30:00Z"},
        {"worker": "oya", "started_at": "2026-01-06T08:15:00Z", "ended_at": "2026-01-06T08:25:00Z"},
    ],
}

_ASSEMBLY = {
    "name": "Montaj",
    "planned_start": "2026-01-06T08:00:00Z",
    "planned_end": "2026-01-06T10:00:00Z",
    "standard_seconds_per_unit": 60,
    "good": 95,
    "good_from_rework": 0,
    "scrap": 1,
    "rework": 0,
    "blocked": [],
    "sessions": [
        {"worker": "oya", "started_at": "2026-01-06T08:30:00Z", "ended_at": "2026-01-06T09:50:00Z", "good": 95},
    ],
}

_ORDER = {
    "quantity": 100,
    "created_at": "2026-01-04T08:00:00Z",
    "planned_start": "2026-01-05T08:00:00Z",
    "planned_end": "2026-01-06T12:00:00Z",
    "held": [{"from": "2026-01-05T09:00:00Z", "to": "2026-01-05T10:00:00Z"}],
    "now": "2026-01-07T08:00:00Z",
}

STAGE = Example("a stage", _ORDER | {"stages": [_MOULDING]}, examples.of_first_stage)

ORDER = Example("an order", _ORDER | {"stages": [_MOULDING, _ASSEMBLY]}, examples.of_order)

# Two people are moulding, and 60 of 100 pieces are missing.
RUNNING = Example(
    "a stage that runs",
    _ORDER
    | {
        "held": [],
        "now": "2026-01-05T08:40:00Z",
        "stages": [
            _MOULDING
            | {
                "good": 40,
                "blocked": [],
                "sessions": [],
                "open_sessions": [
                    {"worker": "veli", "started_at": "2026-01-05T08:10:00Z"},
                    {"worker": "oya", "started_at": "2026-01-05T08:20:00Z"},
                ],
            }
        ],
    },
    examples.of_first_stage,
)

# All batches of a bottling line, as if they were done on one day.
DAY = Example(
    "a day",
    {
        "date": "2026-01-05",
        "now": "2026-01-07T08:00:00Z",
        "stages": {
            "done": 38,
            "late": 35,
            "baseline_late": 36,
            "planned_minutes": 2470,
            "run_minutes": 3858,
            "delay_minutes": 1388,
        },
        "orders": {"done": 38, "late": 35, "baseline_late": 36},
        "time": {"run_minutes": 480, "labour_minutes": 620, "last_stage_pieces": 4800},
    },
    examples.of_day,
)

ISSUES = Example(
    "issues",
    {
        "issues": [
            {"type": "tooling", "machine_id": "M1", "minutes_to_acknowledge": 4, "minutes_to_resolve": 30},
            {"type": "tooling", "machine_id": "M1", "minutes_to_acknowledge": 6, "minutes_to_resolve": 60},
            {"type": "quality", "machine_id": "M1", "minutes_to_acknowledge": 11, "minutes_to_resolve": 45},
            {"type": "safety", "machine_id": "M2", "minutes_to_acknowledge": 20, "minutes_open": 90},
        ]
    },
    examples.of_issues,
)
