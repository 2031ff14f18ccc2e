"""A small realistic plant: its people, its machines, and what happened on its orders today."""

from dataclasses import dataclass, field
from typing import Any

from infra.replay.plan import Machine, Sensor

MOULDING, ASSEMBLY, PACKING = "Enjeksiyon", "Montaj", "Paketleme"
DAY, HOUR = 24 * 60, 60


@dataclass(frozen=True)
class Person:
    """A user who can sign in."""

    username: str
    full_name: str
    role: str = "worker"


@dataclass(frozen=True)
class Happening:
    """A command of a worker on a stage (by its index), in minutes after the present (negative: before)."""

    at: int
    stage: int
    command: str
    worker: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A planned stage of a work order: its minutes, its machine, and its assignees."""

    name: str
    minutes: int
    machine_id: str
    workers: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """A work order whose plan starts so many minutes after the present, and what happened on it."""

    name: str
    product_code: str
    quantity: int
    start: int
    steps: tuple[Step, ...]
    happenings: tuple[Happening, ...] = ()


@dataclass(frozen=True)
class Downtime:
    """A time in which a press stood still, in minutes after the present. `reason` is None if nobody said why."""

    machine_id: str
    start: int
    end: int
    reason: str | None


PLANNER = Person("demo-ayse", "Ayşe Öztürk", "planner")
PEOPLE = (
    PLANNER,
    Person("demo-mehmet", "Mehmet Demir"),
    Person("demo-zeynep", "Zeynep Kaya"),
    Person("demo-emre", "Emre Şahin"),
    Person("demo-fatma", "Fatma Çelik"),
)
MEHMET, ZEYNEP, EMRE, FATMA = (person.username for person in PEOPLE[1:])

PRESS_SENSORS = (Sensor("barrel", "temperature", 0, 400), Sensor("hydraulics", "pressure", 0, 250))
PRESSES = (
    Machine("demo-press-1", "Enjeksiyon 1", "injection press", "Hall A", PRESS_SENSORS),
    Machine("demo-press-2", "Enjeksiyon 2", "injection press", "Hall A", PRESS_SENSORS),
)
MACHINES = (*PRESSES, Machine("demo-bench-1", "Montaj 1", "assembly bench", "Hall B"))
PRESS_1, PRESS_2, BENCH = (machine.id for machine in MACHINES)


def _moulding(minutes: int, machine_id: str = PRESS_1) -> Step:
    return Step(MOULDING, minutes, machine_id, (MEHMET, ZEYNEP))


def _assembly(minutes: int) -> Step:
    return Step(ASSEMBLY, minutes, BENCH, (EMRE, FATMA))


STORIES = (
    Story(
        "done-on-time",
        "HOUSING-12",
        400,
        -9 * HOUR,
        (_moulding(150), _assembly(150)),
        (
            Happening(-538, 0, "start", MEHMET),
            Happening(-450, 0, "report", MEHMET, {"good": 220, "scrap": 3, "scrap_reason": "surface"}),
            Happening(-392, 0, "done", MEHMET, {"good": 180}),
            Happening(-385, 1, "start", EMRE),
            Happening(-380, 1, "start", FATMA),
            Happening(-300, 1, "report", FATMA, {"good": 210}),
            Happening(-246, 1, "done", EMRE, {"good": 190, "scrap": 2, "scrap_reason": "dimension"}),
        ),
    ),
    Story(
        "done-late",
        "COVER-07",
        150,
        -7 * HOUR,
        (_moulding(90, PRESS_2), _assembly(60)),
        (
            Happening(-415, 0, "start", ZEYNEP, {"kind": "setup"}),
            Happening(-390, 0, "pause", ZEYNEP, {"pause_reason": "machine", "note": "Mould was still hot"}),
            Happening(-370, 0, "start", ZEYNEP),
            Happening(-290, 0, "done", ZEYNEP, {"good": 150, "scrap": 11, "scrap_reason": "setup"}),
            Happening(-280, 1, "start", FATMA),
            Happening(-200, 1, "done", FATMA, {"good": 150}),
        ),
    ),
    Story(
        "late",
        "HANDLE-03",
        300,
        -5 * HOUR,
        (_moulding(120, PRESS_2), _assembly(100)),
        (
            Happening(-285, 0, "start", ZEYNEP),
            Happening(-150, 0, "done", ZEYNEP, {"good": 300, "scrap": 8, "scrap_reason": "material"}),
            Happening(-95, 1, "start", FATMA),
            Happening(-30, 1, "report", FATMA, {"good": 120}),
            Happening(
                -25, 1, "issue", FATMA, {"type": "tooling", "priority": "high", "description": "Torque driver slips"}
            ),
        ),
    ),
    Story(
        "running",
        "HOUSING-12",
        600,
        -2 * HOUR,
        (_moulding(240), _assembly(180), Step(PACKING, 60, BENCH, (EMRE,))),
        (
            Happening(-118, 0, "start", MEHMET),
            Happening(-60, 0, "report", MEHMET, {"good": 140, "scrap": 4, "scrap_reason": "surface"}),
            Happening(-10, 0, "report", MEHMET, {"good": 125, "rework": 6}),
        ),
    ),
    Story(
        "paused",
        "LID-21",
        500,
        -3 * HOUR,
        (_moulding(200, PRESS_2), _assembly(120)),
        (
            Happening(-140, 0, "start", ZEYNEP),
            Happening(-50, 0, "report", ZEYNEP, {"good": 190}),
            Happening(-45, 0, "pause", ZEYNEP, {"pause_reason": "material", "note": "Waiting for granulate"}),
            Happening(-44, 0, "issue", ZEYNEP, {"type": "material_shortage", "description": "No PA6 granulate left"}),
        ),
    ),
    Story("next", "COVER-07", 250, HOUR, (_moulding(120), _assembly(120))),
    Story("tomorrow", "LID-21", 800, DAY, (_moulding(300), _assembly(240), Step(PACKING, 60, BENCH, (EMRE,)))),
)

DOWNTIMES = (
    Downtime(PRESS_1, -78, -66, "breakdown"),
    Downtime(PRESS_2, -172, -160, "setup"),
    Downtime(PRESS_2, -45, 0, "material"),
    Downtime(PRESS_1, -33, -26, None),
)
