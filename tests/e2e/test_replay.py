"""Real factories through the deployed system: the numbers are right, also shuffled and sent twice."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from infra.replay.folders import read_folder
from infra.replay.manner import Manner
from infra.replay.plan import FloorPlan, Plan, ReadingsPlan
from infra.replay.progress import Progress
from infra.replay.run import replay
from infra.replay.target import Target
from tests.e2e.conftest import ADMIN, Deployed
from tests.sampling import IS_FULL

DATA = Path(__file__).parents[3] / "shared" / "data"
MANNER = Manner(random.Random(7), times=2)  # noqa: S311  a sequence, not a secret
LIVE = Manner(times=2, live=True)
SAMPLE = 3
LIVE_SAMPLE = 2
SAMPLED_HOURS = 72
MINUTES = 60


class Unseen:
    """Progress that nobody watches."""

    def begin(self, what: str, total: int) -> None:
        """Begin a part."""

    def advance(self, steps: int = 1) -> None:
        """Go on."""


class Hurried(Unseen):
    """Progress that does not wait for the schedule: what is sent is aggregated at once."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed

    def advance(self, steps: int = 1) -> None:  # noqa: ARG002  it counts nothing
        """Do the work that there is."""
        self._deployed.aggregate()


def job_shop() -> FloorPlan:
    """The log of the job shop."""
    plan = folder("production_log")
    assert isinstance(plan, FloorPlan)
    return plan


def folder(name: str) -> Plan:
    """A folder of real data, which stands beside the project or is not there."""
    if not (DATA / name).exists():
        pytest.skip(f"the factory data {name} is not beside this clone")
    return read_folder(DATA / name)


def sample(plan: FloorPlan, orders: int) -> FloorPlan:
    """The first orders of a plan, with who and what works on them, and what is expected of them alone."""
    kept = plan.orders[:orders]
    bookings = [booking for order in kept for booking in order.bookings]
    people = {booking.worker for booking in bookings}
    machines = {booking.machine_id for booking in bookings}
    subjects = {order.id for order in kept} | {order.number for order in kept}
    expected = {
        question: value
        for question, value in plan.expected.items()
        if any(question.subject == each or question.subject.startswith((f"{each}-", f"{each} ")) for each in subjects)
    }
    return replace(
        plan,
        people=tuple(name for name in plan.people if name in people),
        machines=tuple(machine for machine in plan.machines if machine.id in machines),
        orders=kept,
        expected=expected,
    )


def first_hours(plan: ReadingsPlan, count: int) -> ReadingsPlan:
    """The first hours of a plan of readings, each whole, with what is expected of them."""
    named = [question.subject for question in plan.expected if question.what == "count"][:count]
    hours = {name.rpartition(" ")[2][: len("2013-12-02T21")] for name in named}
    readings = tuple(reading for reading in plan.readings if f"{reading.at:%Y-%m-%dT%H}" in hours)
    expected = {question: value for question, value in plan.expected.items() if question.subject in named}
    return replace(plan, readings=readings, expected=expected)


def renamed(plan: FloorPlan) -> FloorPlan:
    """The same orders under other names, to stand beside those that came another way."""
    orders = tuple(replace(order, id=f"live-{order.id}", number=f"Live {order.number}") for order in plan.orders)
    expected = {
        question if question.about == "total" else replace(question, subject=f"Live {question.subject}"): value
        for question, value in plan.expected.items()
    }
    return replace(plan, orders=orders, expected=expected)


def run(deployed: Deployed, plan: Plan, manner: Manner = MANNER, progress: Progress | None = None) -> None:
    """Replay a plan; every number agrees."""
    site = deployed.site
    target = Target(site.url, site.endpoint, site.region, site.queue_url, **ADMIN)
    outcome = replay(plan, target, progress or Unseen(), 4, manner)
    assert plan.expected
    assert not outcome.differences


def test_the_bottling_line(deployed: Deployed) -> None:
    run(deployed, folder("bottling_line"))


def test_orders_of_the_job_shop(deployed: Deployed) -> None:
    run(deployed, sample(job_shop(), SAMPLE))


@pytest.mark.timeout(20 * MINUTES)
def test_the_job_shop_told_as_it_went(deployed: Deployed) -> None:
    run(deployed, renamed(job_shop() if IS_FULL else sample(job_shop(), LIVE_SAMPLE)), LIVE)


def test_a_machines_temperature(deployed: Deployed) -> None:
    plan = folder("machine_temperature")
    assert isinstance(plan, ReadingsPlan)
    # Sent once: after a second time the replay waits for another round of the schedule, to be sure.
    once = replace(MANNER, times=1)
    if IS_FULL:
        run(deployed, plan, once)
    else:
        run(deployed, first_hours(plan, SAMPLED_HOURS), once, Hurried(deployed))
