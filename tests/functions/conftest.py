"""Fixtures of the tests of HTTP endpoints."""

from collections.abc import Callable, Iterator

import pytest

from infra.report.last_run import REQUESTS
from tests.conftest import SetClock
from tests.floor import Person, Plant
from tests.functions import declared
from tests.machines import install
from tests.old_app import OldPhone, let_in
from tests.phones import Phone, employ, phone


@pytest.fixture
def floor(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant with one machine."""
    install("M1")
    return plant


@pytest.fixture
def zeynep(plant: Plant, set_clock: SetClock) -> Person:
    """A worker with a password."""
    return employ(plant)


@pytest.fixture
def mobile(plant: Plant, zeynep: Person) -> Phone:
    """The phone on which she is signed in."""
    return phone(plant, device="mobile")


@pytest.fixture(autouse=True)
def undeclared(record_property: Callable[[str, object], None]) -> Iterator[list[str]]:
    """What doors answer or refuse without having declared it: a mistake in every test.

    `takip.py report` tells which tests sent requests to which doors, and how long these took.
    """
    seconds: dict[str, list[float]] = {}
    with declared.watched(seconds) as mistakes:
        yield mistakes
    for door, each in seconds.items():
        record_property(f"{REQUESTS}{door}", f"{len(each)} {sum(each):.4f}")
    assert mistakes == []


@pytest.fixture
def old_planner(plant: Plant, set_clock: SetClock) -> OldPhone:
    """The old app in the hands of a planner, in a plant that lets it in."""
    let_in()
    return OldPhone(plant.planner)


@pytest.fixture
def old_worker(plant: Plant, old_planner: OldPhone) -> OldPhone:
    """The old app in the hands of a worker of that plant."""
    return OldPhone(plant.worker)
