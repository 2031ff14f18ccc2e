"""Playing the demonstration's plant on: its people work through the API, its machines send to the queue.

`python -m infra.simulate.playing` is the process that `takip.py up --demo` starts (`player.py` says how it is ended).
"""

import logging
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from infra.replay.api import Api, Refused
from infra.replay.demo import ID, order_body
from infra.replay.demo_plant import MACHINES
from infra.replay.target import Target
from infra.simulate.messages import messages
from infra.simulate.plant import Gauges
from infra.simulate.player import Player
from infra.simulate.roads import Send, road
from infra.simulate.schedule import Batch
from infra.simulate.working import EVERY, Command, Floor, commands, next_story

ROAD = "sqs"
UNFINISHED = ("in_progress", "paused", "planned")
LONGEST_WAIT = timedelta(minutes=5)

logger = logging.getLogger("takip.demo")


class Shift:
    """The plant as somebody plays it who is signed in as its planner."""

    def __init__(self, api: Api, send: Send, chance: random.Random) -> None:
        self._api = api
        self._send = send
        self._chance = chance
        self._gauges = {each.id: Gauges(each.id, chance) for each in MACHINES}
        self._made = dict.fromkeys(self._gauges, 0.0)
        self._user_ids = {user["username"]: user["id"] for user in api.items("/auth/users")}

    def look(self, now: datetime) -> None:
        """Do once what is to do: machines measure, people work, and an order is opened if few are left."""
        floor = self._seen(now)
        self._measure(floor)
        counted = {machine_id: int(pieces) for machine_id, pieces in self._made.items()}
        for command in commands(replace(floor, counted=counted), self._chance):
            self._tell(command)
        story = next_story(floor, self._chance)
        if story is not None:
            order_id, number = f"{ID}{now:%Y%m%d}-{story.name}", f"{now:%y%m%d}-{story.name}"
            self._tell(Command("POST", "/workorders", order_body(story, order_id, number, now, self._user_ids)))

    def _seen(self, now: datetime) -> Floor:
        stages = [
            each for status in UNFINISHED for each in self._api.get("/stages", status=status, limit="100")["items"]
        ]
        issues, stops = self._api.get("/issues"), self._api.get("/machines/stops", reason="none")
        return Floor(
            now,
            [each for each in stages if each["work_order_id"].startswith(ID)],
            [each for each in issues["items"] if (each.get("work_order_id") or "").startswith(ID)],
            [each for each in stops["items"] if each["machine_id"] in self._gauges],
        )

    def _measure(self, floor: Floor) -> None:
        """Each machine counts what it makes at the pace of its plan or a little slower, and sends what it measures."""
        batches = []
        for machine_id, gauges in self._gauges.items():
            stage, state = floor.at_work(machine_id), floor.state(machine_id)
            standard = float(stage["standard_seconds_per_unit"] or 30) if stage else None
            pace = self._chance.uniform(0.75, 1.05)
            before = int(self._made[machine_id])
            self._made[machine_id] += EVERY.total_seconds() / standard * pace if standard else 0.0
            pieces = int(self._made[machine_id]) - before
            batches.append(Batch(0.0, machine_id, (gauges.look(floor.now, state, pieces),)))
        self._send(messages(ROAD, floor.now, batches))

    def _tell(self, command: Command) -> None:
        """Send a command. One that is refused is not sent again: at the next look the floor is another one."""
        try:
            if command.method == "PATCH":
                self._api.patch(command.path, command.body)
            else:
                self._api.post(command.path, command.body, uuid4().hex)
        except Refused as refused:
            logger.info("refused: %s", refused)
            return
        if command.reports:
            self._made[command.reports] -= int(self._made[command.reports])


def play(target: Target, now: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
    """Play until the process ends. While Takip does not answer, it is asked ever more seldom."""
    chance, wait = random.Random(), EVERY  # noqa: S311  a plant, not a secret
    while True:
        try:
            with Api(target.url) as api:
                api.sign_in(target.username, target.password)
                with road(ROAD, target, api) as send:
                    shift = Shift(api, send, chance)
                    while True:
                        shift.look(now())
                        wait = EVERY
                        sleep(EVERY.total_seconds())
        except Exception:  # whatever it was, a demonstration goes on when it is over
            wait = min(2 * wait, LONGEST_WAIT)
            logger.exception("the plant stands still for %s", wait)
            sleep(wait.total_seconds())


def main(home: Path) -> None:
    """Play in this process, until the player of this home is told to stop, or its Takip is gone."""
    player = Player(home)
    with player.playing() as order:
        logger.info("the plant is at work")
        arguments = order.target, lambda: datetime.now(UTC), time.sleep
        threading.Thread(target=play, args=arguments, daemon=True).start()
        order.await_end()
        logger.info("the plant has closed")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    main(Path(sys.argv[1]))
