"""Who may use which endpoint on whose data: every role, endpoint and ownership, on a plant at work."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.people.users import Role
from chalicelib.services.telling import sending
from functions._rules import RULES, Rule
from tests.conftest import SetClock
from tests.floor import MINUTE, Person, Plant, Reply
from tests.functions.access import ENTRIES, body_of, conditions, entry_of, name_of, path_of, told
from tests.functions.furnishing import AUDIT, CHANGING, employ, furnish, take_over
from tests.functions.things import Things, Whose
from tests.machines import install, watched
from tests.sampling import sampled
from tests.standing import Standing

BEFORE_A_NEW_PASSWORD = {"/auth/me", "/auth/password", "/auth/logout"}
# Whoever is not active is signed out on the device that they call from, and these doors look.
OF_A_DEVICE_SIGNED_IN = {"/auth/password", "/auth/devices", "/auth/devices/{device_id}"}
NOT_OF_ONESELF = {"/auth/users/{user_id}/password"}
ADMINS_ONLY = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Caller:
    """Somebody who calls, and their things; as the table knows them now, beside what their token says of them."""

    person: Person
    things: dict[Whose, Things]
    is_admin: bool = False
    active: bool = True

    @property
    def is_worker(self) -> bool:
        return self.person.user is not None and self.person.user.role is Role.WORKER

    def of(self, whose: Whose) -> Things:
        """The things of theirs, of another or of nobody; where a path names nothing, a body may still name somebody."""
        if whose is Whose.NOBODYS:
            return self.things[Whose.OTHERS].nowhere(in_order=False)
        return self.things[Whose.OTHERS if whose is Whose.NO_THING else whose]


@dataclass(frozen=True)
class Cell:
    """One field of the matrix."""

    rule: Rule
    who: str
    caller: Caller
    whose: Whose

    @property
    def refusal(self) -> int | None:
        """The status with which the caller is refused; None where they may."""
        return _refusal_at_the_door(self.rule, self.caller) or self._refusal_of_the_thing()

    def _refusal_of_the_thing(self) -> int | None:
        reach = entry_of(self.rule).reach
        if self.whose is Whose.MINE and self.rule.path in NOT_OF_ONESELF:
            return 409
        hidden = self.whose in reach.from_all or (self.caller.is_worker and self.whose in reach.from_workers)
        return 404 if hidden else None

    def leaked(self, reply: Reply) -> set[str]:
        """The ids of others' things that a worker is told all the same, without having named them."""
        if self.rule.action is None or not self.caller.is_worker:
            return set()
        others = [self.caller.things[whose] for whose in (Whose.BESIDE, Whose.LEFT, Whose.OTHERS)]
        entry, left = entry_of(self.rule), self.caller.things[Whose.LEFT]
        on_purpose = {getattr(self.caller.things[Whose.BESIDE], told) for told in entry.tells}
        on_purpose |= {getattr(left, told) for told in entry.tells_of_left}
        ids = {each for things in others for each in things.private} - on_purpose
        named = json.dumps(body_of(self.rule, self.caller.person, self.caller.of(self.whose)))
        return {each for each in ids if each in json.dumps(reply.body) and each not in named}

    def knock(self, things: Things, **headers: str) -> Reply:
        """Come to the door for these things. The id of the request is the same each time: nothing else differs."""
        person, rule = self.caller.person, self.rule
        body = body_of(rule, person, self.caller.of(self.whose))
        headers = conditions(rule) | headers
        return person.call(rule.method, path_of(rule, things), body, X_Request_Id="knock", **headers)

    def __str__(self) -> str:
        return f"{name_of(self.rule)} of {self.whose} by {self.who}"


def _refusal_at_the_door(rule: Rule, caller: Caller) -> int | None:
    """The status with which somebody is refused whatever they come for."""
    if rule.action is None:
        return None
    signed_out = not caller.active and rule.path in OF_A_DEVICE_SIGNED_IN
    if caller.person.user is None or signed_out:
        return 401
    allowed = PERMISSIONS[rule.action]
    locked = caller.person.actor.must_change_password and rule.path not in BEFORE_A_NEW_PASSWORD
    past = allowed == ADMINS_ONLY and not caller.is_admin
    refused = caller.person.user.role not in allowed or locked or past
    return 403 if refused else None


@pytest.fixture
def callers(floor: Plant, set_clock: SetClock) -> dict[str, Caller]:
    """Everybody who may come, each with things of their own, an hour after these were made."""
    install("M2")
    hired = {"admin": Role.ADMIN, "inactive admin": Role.ADMIN, "demoted admin": Role.ADMIN}
    hired |= {"planner": Role.PLANNER, "worker": Role.WORKER}
    people = {name: employ(floor.client, name, role) for name, role in hired.items()}
    people["newcomer"] = employ(floor.client, "newcomer", Role.WORKER, must_change_password=True)
    neighbour = employ(floor.client, "neighbour", Role.WORKER)
    others, _ = furnish(floor.planner, neighbour, neighbour, "M2")
    made: dict[str, Caller] = {}
    for name, person in people.items():
        mine, beside = furnish(floor.planner, person, neighbour, "M1")
        left = take_over(floor.planner, person, neighbour, "M2")
        things = {Whose.MINE: mine, Whose.BESIDE: beside, Whose.LEFT: left, Whose.OTHERS: others}
        made[name] = Caller(person, things, is_admin=name == "admin", active=name != "inactive admin")
    set_clock.forward(50 * MINUTE)
    assert sending.sweep(lambda: MINUTE).failed == 0
    for name, path, change in (
        ("inactive admin", "", {"active": False}),
        ("demoted admin", "/role", {"role": "worker"}),
    ):
        assert floor.admin.patch(f"/auth/users/{people[name].id}{path}", change).status == 200
    return made | {"stranger": replace(made["worker"], person=floor.stranger)}


def cells(rule: Rule, callers: dict[str, Caller], number: int) -> Iterator[Cell]:
    """The fields of the matrix in the row of a door: every caller, with half of the ownerships. All with `--full`."""
    asked = entry_of(rule).reach.asked
    for n, (who, caller) in enumerate(callers.items(), number):
        first = n if len(asked) > 1 else 0
        yield from (Cell(rule, who, caller, whose) for whose in sampled(asked, 2, first))


def wrong_in(cell: Cell) -> Iterator[str]:
    """Come to a door, and tell what should not have been answered."""
    things = cell.caller.of(cell.whose)
    reply = cell.knock(things)
    if cell.refusal is None and not 200 <= reply.status < 300:
        yield f"{cell}: {reply.status}, not allowed: {reply.body}"
    if cell.refusal is None and cell.leaked(reply):
        yield f"{cell}: tells of {cell.leaked(reply)}"
    if cell.refusal not in (None, reply.status):
        yield f"{cell}: {reply.status}, not {cell.refusal}"
    if cell.refusal == 404:
        nowhere = things.nowhere(in_order=cell.whose is Whose.BESIDE)
        if told(cell.rule, things, reply) != told(cell.rule, nowhere, cell.knock(nowhere)):
            yield f"{cell}: can be told from what is not there"
        if told(cell.rule, things, reply) != told(cell.rule, things, cell.knock(things, If_Match='"1"')):
            yield f"{cell}: If-Match tells that it is there"


def wrong_after(cell: Cell, called: list[str], standing: Standing) -> Iterator[str]:
    """Tell what should not have been written, and put everything back."""
    if cell.refusal and (standing.changed() - AUDIT or "SendMessage" in called):
        yield f"{cell}: refused, and changed {standing.changed() or called}"
    if CHANGING & set(called):
        standing.put_back()
    called.clear()


def test_every_door_is_declared_and_no_other() -> None:
    assert set(ENTRIES) == {name_of(rule) for rule in RULES}
    assert {name for name, entry in ENTRIES.items() if not entry.reach.from_all} == set()


@pytest.fixture
def hands(floor: Plant) -> tuple[Things, Things]:
    """What the worker has, and what their neighbour has beside it."""
    veli, oya = (employ(floor.client, name, Role.WORKER) for name in ("veli 2", "oya 2"))
    return furnish(floor.planner, veli, oya, "M1")


def test_a_workers_lists_hold_all_that_is_theirs_and_nothing_else(floor: Plant, hands: tuple[Things, Things]) -> None:
    for own in hands:
        worker, order, stages = own.owner, f"/workorders/{own.order_id}", [own.resting, own.busy]
        worker.post(f"/stages/{own.busy}/pause")
        lists = {
            "/stages": stages,
            f"{order}/stages": stages,
            f"/stages/{own.resting}/issues": [own.issue_id],
            "/auth/devices": [worker.device_id, own.device_id],
        }
        assert {path: [each["id"] for each in worker.get(path).items] for path in lists} == lists
        assert [each["id"] for each in worker.get(order).data["stages"]] == stages
        assert [each["worker_id"] for each in worker.get(f"/stages/{own.busy}/sessions").items] == [worker.id]
    # A worker may know of every order that there is one; what is done in it is not told here.
    heads = floor.other.get("/workorders").items
    assert {head["id"] for head in heads} == {hands[0].order_id, *(own.stopped for own in hands)}
    assert not [head for head in heads if "stages" in head]
    assert len(floor.planner.get("/stages").items) == 6


def test_a_key_answers_only_whom_it_answered_before(floor: Plant, hands: tuple[Things, Things]) -> None:
    own, beside = hands
    first = own.owner.post(f"/stages/{own.resting}/start", key="k")
    machines = [who.post("/machines", {"id": who.id, "name": "Press"}, key="k") for who in (floor.admin, floor.planner)]

    assert first.status == 200
    assert beside.owner.post(f"/stages/{own.resting}/start", key="k").status == 404
    assert [(reply.status, reply.headers.get("Idempotent-Replayed")) for reply in machines] == [(201, None)] * 2


def test_everybody_comes_to_what_they_may_and_to_nothing_else(callers: dict[str, Caller]) -> None:
    standing = Standing()
    wrong: list[str] = []
    matrix = [cell for n, rule in enumerate(RULES) for cell in cells(rule, callers, n)]

    with watched() as called:
        for cell in matrix:
            wrong += [*wrong_in(cell), *wrong_after(cell, called, standing)]

    assert {(cell.rule.name, cell.who) for cell in matrix} == {(rule.name, who) for rule in RULES for who in callers}
    sizes = f"{len(RULES)} routes x {len(callers)} callers x the ownerships of each: {len(matrix)} cells"
    print(f"matrix: {sizes}")  # noqa: T201  how much was walked is what this test is asked for
    assert wrong == []
