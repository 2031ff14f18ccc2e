"""Plants of three sizes, and what their people, screens and machines do in a month. All of it is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

WORKDAYS = 22
SHIFT_HOURS = 8
STAGES_AN_ORDER = 4
WORKERS_A_SCREEN = 50
SCREEN_HOURS, SCREEN_SECONDS = 10, 30
LOOK_MINUTES = 2
TOKEN_MINUTES = 30
HOURS_A_MONTH = 730
READINGS_A_MESSAGE = 60

# What happens on one stage: it is worked on, interrupted once, and every tenth has an issue.
ON_A_STAGE = {"start": 2, "report": 2, "pause": 1, "done": 1, "report an issue": 0.1, "resolve an issue": 0.1}
# These change facts, so the order is aggregated again.
AGGREGATED = ("pause", "done")

ASSUMED = (
    (
        f"An order has {STAGES_AN_ORDER} stages. Each stage is started twice, "
        "reported on twice, paused once and done; every tenth has an issue."
    ),
    (
        f"{WORKDAYS} days a month, {SHIFT_HOURS} hours a day. A phone asks for its work every {LOOK_MINUTES} minutes, "
        f"reads the stage at each command, and refreshes its token every {TOKEN_MINUTES} minutes."
    ),
    (
        f"A screen for each {WORKERS_A_SCREEN} workers, at least one, asks for the summary and a page of orders every"
        f" {SCREEN_SECONDS} seconds, {SCREEN_HOURS} hours a day."
    ),
    (
        f"A machine has one sensor, sends day and night, {READINGS_A_MESSAGE} readings in a message, straight into the"
        " queue. IoT Core would cost 1.25 dollars more for a million messages. Below one reading a second the units"
        " stay those of one; above it they are taken in proportion, which was not measured."
    ),
)


@dataclass(frozen=True)
class Plants:
    """So many plants that are alike, in one environment.

    Each machine measures `rate` times a second, day and night, and sends through AWS IoT or straight into the queue.
    """

    name: str
    orders_a_day: int
    workers: int
    machines: int = 0
    count: int = 1
    rate: float = 1
    iot: bool = False

    @property
    def machine_hours(self) -> float:
        """The hours of all machines in a month."""
        return self.count * self.machines * HOURS_A_MONTH

    @property
    def messages(self) -> float:
        """The messages of all machines in a month."""
        return self.machine_hours * 3600 * self.rate / READINGS_A_MESSAGE

    @property
    def by_iot(self) -> float:
        """The messages of a month that come through AWS IoT."""
        return self.messages if self.iot else 0

    @property
    def orders(self) -> int:
        """The orders of all plants in a month."""
        return self.count * self.orders_a_day * WORKDAYS

    @property
    def aggregations(self) -> float:
        """How often orders are aggregated again in a month, if no two changes of an order fall into one minute."""
        return self.orders * STAGES_AN_ORDER * sum(ON_A_STAGE[name] for name in AGGREGATED)

    @property
    def requests(self) -> Mapping[str, float]:
        """How often people and screens do each operation of docs/data-model.md in a month."""
        days = self.count * self.workers * WORKDAYS
        screens = self.count * max(1, self.workers // WORKERS_A_SCREEN)
        shown = screens * WORKDAYS * SCREEN_HOURS * 3600 / SCREEN_SECONDS
        done = {name: self.orders * STAGES_AN_ORDER * times for name, times in ON_A_STAGE.items()}
        return done | {
            "create an order of 2 stages": self.orders * STAGES_AN_ORDER / 2,  # the nearest that is measured
            "sign in": days,
            "refresh": days * SHIFT_HOURS * 60 / TOKEN_MINUTES,
            "my work": days * SHIFT_HOURS * 60 / LOOK_MINUTES,
            "read a stage": sum(done.values()),
            "sum up the plant": shown,
            "a page of orders": shown,
        }


SMALL = Plants("10 orders a day, 20 workers", 10, 20)
LARGE = Plants("200 orders a day, 200 workers, 50 machines at 1 Hz", 200, 200, 50)
MANY = Plants("100 such plants", 200, 200, 50, count=100)
EVERY = (SMALL, LARGE, MANY)
