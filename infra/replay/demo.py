"""Fills a running Takip with the plant of the demonstration, through the public API."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from infra.replay.api import Api, Refused
from infra.replay.demo_plant import (
    DOWNTIMES,
    MACHINES,
    PEOPLE,
    PLANNER,
    PRESSES,
    STORIES,
    Happening,
    Person,
    Story,
)
from infra.replay.floor import add_machine
from infra.replay.plan import wire
from infra.replay.target import Target

MINUTES_OF_READINGS = 180
ID = "demo-"
"""What the ids of all orders of the demonstration begin with."""

LOOKED_BACK = timedelta(hours=10)
"""The shift of the first filling began so long before it, so that all stories of the day are on the board."""

SHIFT = timedelta(hours=12)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def fill(target: Target) -> dict[str, str]:
    """Fill the plant, once a day even if called more often. Returns the usernames and passwords.

    Raises Problem.
    """
    passwords = {person.username: _password(target, person) for person in PEOPLE}
    with Api(target.url) as api:
        api.sign_in(target.username, target.password)
        user_ids = {person.username: _register(api, person, passwords[person.username]) for person in PEOPLE}
        for machine in MACHINES:
            add_machine(api, machine)
    with Api(target.url) as api:
        api.sign_in(PLANNER.username, passwords[PLANNER.username])
        Plant(api, user_ids).fill()
    return passwords


class Plant:
    """One day of the plant, sent by its planner."""

    def __init__(self, api: Api, user_ids: dict[str, str]) -> None:
        self._api = api
        self._user_ids = user_ids
        self._day = datetime.now(UTC).strftime("%Y%m%d")
        self._present = self._first_present()

    def fill(self) -> None:
        """Give it shifts, open every order, send what happened on it, and send what the presses measured."""
        self._plan_shifts()
        for index, story in enumerate(STORIES, start=1):
            body = order_body(story, self._order_id(story), f"{self._day[2:]}-{index}", self._present, self._user_ids)
            stages = self._api.post("/workorders", body)["stages"]
            for happening in story.happenings:
                self._command(stages[happening.stage]["id"], happening)
        for press in PRESSES:
            for readings in (self._readings(), self._states(press.id)):
                body = {"machine_id": press.id, "readings": list(readings)}
                self._api.post(f"/machines/{press.id}/readings", body)
        for stop in DOWNTIMES:
            if stop.reason:
                body = {"started_at": self._at(stop.start), "ended_at": self._at(stop.end), "reason": stop.reason}
                self._api.post(f"/machines/{stop.machine_id}/stops/explain", body)

    def _plan_shifts(self) -> None:
        """Two shifts a day, unless the plant has a calendar already."""
        try:
            self._api.get("/calendars/default")
        except Refused as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise
            zone = ZoneInfo(self._api.get("/meta")["plant"]["time_zone"])
            begin = (self._present - LOOKED_BACK).astimezone(zone).replace(minute=0)
            clocks = [(begin + SHIFT * part).strftime("%H:%M") for part in range(3)]
            shifts = [
                {"name": f"{part}. Vardiya", "days": DAYS, "start": start, "end": end}
                for part, (start, end) in enumerate(pairwise(clocks), start=1)
            ]
            first = (begin - timedelta(days=2)).date().isoformat()
            self._api.put("/calendars/default", {"valid_from": first, "shifts": shifts})

    def _first_present(self) -> datetime:
        """The minute that the first filling of the day used as the present, so that a second filling sends the same."""
        first = STORIES[0]
        try:
            order = self._api.get(f"/workorders/{self._order_id(first)}")
        except Refused as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise
            return datetime.now(UTC).replace(second=0, microsecond=0)
        return datetime.fromisoformat(order["planned_start"]) - timedelta(minutes=first.start)

    def _order_id(self, story: Story) -> str:
        return f"demo-{self._day}-{story.name}"

    def _command(self, stage_id: str, happening: Happening) -> None:
        """Send a command of a worker. If the planner sends it, the session is still the worker's."""
        body = {"at": self._at(happening.at)} | happening.details
        if happening.command != "issue":
            body["worker_id"] = self._user_ids[happening.worker]
        self._api.post(f"/stages/{stage_id}/{happening.command}", body)

    def _readings(self) -> Iterator[dict[str, Any]]:
        """One reading a minute of both sensors of a press, up to the present."""
        for minute in range(-MINUTES_OF_READINGS, 0):
            at = self._at(minute)
            heat, stroke = math.sin(minute / 25), math.sin(minute / 4)
            yield {"sensor": "barrel", "type": "temperature", "value": round(228 + 6 * heat, 2), "at": at}
            yield {"sensor": "hydraulics", "type": "pressure", "value": round(140 + 18 * stroke, 2), "at": at}

    def _states(self, machine_id: str) -> Iterator[dict[str, Any]]:
        """The state and the counter of a press, a look each minute, up to the present."""
        count = 0
        for minute in range(-MINUTES_OF_READINGS, 0):
            stopped = any(each.machine_id == machine_id and each.start <= minute < each.end for each in DOWNTIMES)
            count += 0 if stopped else 2
            yield {"type": "state", "value": "unplanned_stop" if stopped else "producing", "at": self._at(minute)}
            yield {"type": "cycle_count", "value": count, "at": self._at(minute)}

    def _at(self, minute: int) -> str:
        return wire(self._present + timedelta(minutes=minute))


def order_body(
    story: Story, order_id: str, number: str, present: datetime, user_ids: Mapping[str, str]
) -> dict[str, Any]:
    """The body of the order of a story. Its stages are planned one after the other, at the pace of their plan."""
    stages, start = [], story.start
    for step in story.steps:
        stages.append(
            {
                "name": step.name,
                "planned_start": wire(present + timedelta(minutes=start)),
                "planned_end": wire(present + timedelta(minutes=start + step.minutes)),
                "machine_id": step.machine_id,
                "assignee_ids": [user_ids[username] for username in step.workers],
                "standard_seconds_per_unit": round(60 * step.minutes / story.quantity, 3),
            }
        )
        start += step.minutes
    return {
        "id": order_id,
        "number": number,
        "product_code": story.product_code,
        "lot_no": f"L{number}",
        "quantity": story.quantity,
        "planned_start": wire(present + timedelta(minutes=story.start)),
        "planned_end": wire(present + timedelta(minutes=start)),
        "stages": stages,
    }


def _register(api: Api, person: Person, password: str) -> str:
    """Register a user, or find a registered one. Returns the id."""
    body = {"username": person.username, "full_name": person.full_name, "role": person.role, "password": password}
    try:
        user_id: str = api.post("/auth/register", body)["id"]
    except Refused as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise
        user_id = next(user["id"] for user in api.items("/auth/users") if user["username"] == person.username)
    return user_id


def _password(target: Target, person: Person) -> str:
    """A password made from the admin's: only this installation has it, and it is always the same."""
    return "demo-" + blake2b(person.username.encode(), key=target.password.encode()[:64], digest_size=6).hexdigest()
