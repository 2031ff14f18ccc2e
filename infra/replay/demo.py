"""Fills a running Takip with the plant of the demonstration, through the public API."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from infra.replay.api import Api, Refused
from infra.replay.demo_plant import MACHINES, PEOPLE, PLANNER, PRESSES, STORIES, Happening, Person, Story
from infra.replay.floor import add_machine
from infra.replay.plan import wire
from infra.replay.target import Target

MINUTES_OF_READINGS = 180


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
        """Open every order, send what happened on it, and send the readings of the presses."""
        for story in STORIES:
            stages = self._api.post("/workorders", self._order_body(story))["stages"]
            for happening in story.happenings:
                self._command(stages[happening.stage]["id"], happening)
        for press in PRESSES:
            body = {"machine_id": press.id, "readings": list(self._readings())}
            self._api.post(f"/machines/{press.id}/readings", body)

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

    def _order_body(self, story: Story) -> dict[str, Any]:
        stages, start = [], story.start
        for step in story.steps:
            stages.append(
                {
                    "name": step.name,
                    "planned_start": self._at(start),
                    "planned_end": self._at(start + step.minutes),
                    "machine_id": step.machine_id,
                    "assignee_ids": [self._user_ids[username] for username in step.workers],
                }
            )
            start += step.minutes
        return {
            "id": self._order_id(story),
            "product_code": story.product_code,
            "lot_no": f"L{self._day}",
            "quantity": story.quantity,
            "planned_start": self._at(story.start),
            "planned_end": self._at(start),
            "stages": stages,
        }

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

    def _at(self, minute: int) -> str:
        return wire(self._present + timedelta(minutes=minute))


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
