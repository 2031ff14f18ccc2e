"""What Takip must make of the messages of a simulation, computed here once more; and what it did make of them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from infra.replay.plan import Answers, Question, Value, wire
from infra.simulate.messages import Message
from infra.simulate.plant import Reading

NUMBERS = ("count", "sum", "min", "max", "produced", "resets")


def expected(messages: Sequence[Message], *, refuses: bool) -> Answers:
    """The answers to every question. `refuses`: a message of which nothing can be used is refused, not kept."""
    hours: dict[tuple[str, str, datetime], set[Reading]] = {}
    for reading in (reading for message in messages for reading in message.good):
        hour = reading.at.replace(minute=0, second=0, microsecond=0)
        hours.setdefault((reading.machine, reading.type, hour), set()).add(reading)
    answers: dict[Question, Value] = {}
    for (machine, type_name, hour), readings in hours.items():
        in_order = sorted(readings, key=lambda reading: reading.at)
        answers |= _hour(machine, type_name, hour, _figures(type_name, in_order))
    kept = {
        (message.machine, message.body) for message in messages if message.is_wrong and (message.good or not refuses)
    }
    return answers | dict(quarantined(machine for machine, _ in kept))


def quarantined(machines: Iterable[str]) -> Answers:
    """How many messages of each machine are in quarantine; one name for each message."""
    counted: dict[Question, Value] = {}
    for machine in machines:
        question = Question("quarantine", machine, "messages")
        counted[question] = float(counted.get(question) or 0) + 1
    return counted


def of_rollups(rollups: Iterable[Mapping[str, Any]]) -> Answers:
    """What Takip computed, of its answer."""
    answers: dict[Question, Value] = {}
    for rollup in rollups:
        hour = datetime.fromisoformat(rollup["hour"])
        figures = {name: rollup.get(name) for name in NUMBERS}
        states = {f"seconds {state}": value for state, value in rollup.get("seconds_by_state", {}).items()}
        answers |= _hour(rollup["machine_id"], rollup["type"], hour, figures | states)
    return answers


def _hour(machine: str, type_name: str, hour: datetime, figures: Mapping[str, Value]) -> Answers:
    """The figures that have a value, other than no seconds in a state."""
    subject = f"{machine} {type_name} {wire(hour.astimezone(UTC))}"
    there = {name: value for name, value in figures.items() if value is not None and not _is_no_time(name, value)}
    return {Question("hour", subject, name): value for name, value in there.items()}


def _is_no_time(name: str, value: Value) -> bool:
    return name.startswith("seconds ") and value == 0


def _figures(type_name: str, readings: Sequence[Reading]) -> dict[str, Value]:
    figures: dict[str, Value] = {"count": len(readings)}
    if type_name == "state":
        for earlier, later in pairwise(readings):
            name = f"seconds {earlier.value}"
            figures[name] = float(figures.get(name) or 0) + (later.at - earlier.at).total_seconds()
        return figures
    values = [float(reading.value) for reading in readings]
    figures |= {"sum": math.fsum(values), "min": min(values), "max": max(values)}
    if type_name == "cycle_count":
        steps = [later if later < earlier else later - earlier for earlier, later in pairwise(values)]
        figures |= {"produced": math.fsum(steps), "resets": sum(b < a for a, b in pairwise(values))}
    return figures
