"""Two tenants: no endpoint shows one the data of the other, nor writes an item there, whoever calls."""

import json
from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import pytest

from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from functions._rules import RULES, WRITES, Rule
from tests.conftest import SetClock
from tests.floor import HOUR, Person, Plant, Reply, new_order
from tests.functions.access import (
    body_of,
    conditions,
    entry_of,
    name_of,
    path_of,
    told,
)
from tests.functions.bodies import sign_in
from tests.functions.furnishing import employ
from tests.functions.things import NO_ID, NOTHING, PASSWORD
from tests.functions.two_tenants import House, found, touching
from tests.standing import Standing

ACME = "acme"
GUARDED = [rule for rule in RULES if rule.action is not None]
Houses = tuple[House, House]


@pytest.fixture
def houses(plant: Plant, set_clock: SetClock) -> Houses:
    """Two tenants, an hour after their people began; one is the default, whose name stands in every other place."""
    tenants.create(ACME, DEFAULT_SETTINGS)
    made = found(plant.client, DEFAULT_TENANT), found(plant.client, ACME)
    set_clock.forward(HOUR)
    return made


def each_caller(houses: Houses) -> Iterator[tuple[House, House, Person]]:
    """Everybody of either tenant, and the other."""
    for own, foreign in permutations(houses):
        yield from ((own, foreign, person) for person in own.people.values())


def knock(rule: Rule, own: House, person: Person, path: str, **more: Any) -> Reply:
    """Come to a door as it likes it, for whatever the path names."""
    body = body_of(rule, person, own.things)
    if body is not None:
        body |= more
    return person.call(rule.method, path, body, X_Request_Id="knock", **conditions(rule))


def test_the_other_tenants_things_are_not_there(houses: Houses) -> None:
    standing, walked = Standing(), 0
    reaching = [rule for rule in GUARDED if entry_of(rule).reach is not NOTHING]
    for (own, foreign, person), rule in product(each_caller(houses), reaching):
        theirs, nobodys = foreign.things, foreign.things.nowhere(in_order=False)
        with touching() as touched:
            reply = knock(rule, own, person, path_of(rule, theirs))
            missing = knock(rule, own, person, path_of(rule, nobodys))
        assert reply.status in {403, 404}, name_of(rule)
        assert told(rule, theirs, reply) == told(rule, nobodys, missing), name_of(rule)
        assert touched <= {own.tenant}, name_of(rule)
        assert standing.changed() == set(), name_of(rule)
        walked += 1

    assert walked == len(reaching) * len(Role) * 2


# What is the same for everybody, and what the token alone says, is told without a look at the table.
OF_NO_TENANT = {"/meta/transitions", "/metrics/catalogue", "/live"}


def test_what_names_nothing_tells_of_ones_own_tenant_only(houses: Houses) -> None:
    standing = Standing()
    for (own, foreign, person), rule in product(each_caller(houses), GUARDED):
        with touching() as touched:
            reply = knock(rule, own, person, path_of(rule, own.things))
        expected = {own.tenant} if reply.status < 300 and rule.path not in OF_NO_TENANT else touched & {own.tenant}
        assert touched == expected, name_of(rule)
        assert not [each for each in foreign.ids if each in str(reply.body)], name_of(rule)
        standing.put_back()


def test_no_parameter_field_or_header_changes_the_tenant(houses: Houses) -> None:
    standing = Standing()
    headers = ("X_Tenant", "X_Tenant_Id", "X_Takip_Tenant", "Tenant")
    for (own, foreign), rule in product(permutations(houses), GUARDED):
        person = own.admin
        path, body = path_of(rule, own.things), body_of(rule, person, own.things)
        with touching() as touched:
            plain = knock(rule, own, person, path)
            standing.put_back()
            sent = person.call(rule.method, path, body, **(conditions(rule) | dict.fromkeys(headers, foreign.tenant)))
            standing.put_back()
            asked = knock(rule, own, person, f"{path}{'&' if '?' in path else '?'}tenant={foreign.tenant}")
            told_in_body = knock(rule, own, person, path, tenant=foreign.tenant) if rule.method in WRITES else None
        assert sent.status == plain.status, name_of(rule)
        assert asked.status == 400, name_of(rule)
        assert told_in_body is None or told_in_body.status == 422, name_of(rule)
        assert touched <= {own.tenant}, name_of(rule)
        assert standing.changed() == set(), name_of(rule)


def named(foreign: House, own: House) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Requests of one's own that name somebody or something of the other tenant in their bodies, and what they name."""
    stage, (who, what) = f"/stages/{own.things.resting}", (foreign.worker.id, foreign.things.machine_id)
    yield "POST", "/workorders", new_order(stages=[{"name": "a", "assignee_ids": [who]}]), who
    yield "POST", "/workorders", new_order(stages=[{"name": "a", "machine_id": what}]), what
    yield "PUT", f"{stage}/assignees", {"user_ids": [who]}, who
    yield "POST", f"{stage}/start", {"worker_id": who}, who
    yield "POST", f"{stage}/start", {"machine_id": what}, what
    times = {"started_at": "2026-01-05T08:10:00Z", "ended_at": "2026-01-05T08:20:00Z"}
    yield "POST", f"{stage}/sessions", times | {"worker_id": who}, who
    yield "POST", f"{stage}/sessions", times | {"machine_id": what}, what


def test_the_other_tenants_people_and_machines_cannot_be_named(houses: Houses) -> None:
    standing = Standing()
    for own, foreign in permutations(houses):
        for method, path, body, identity in named(foreign, own):
            nobodys = json.loads(json.dumps(body).replace(identity, NO_ID))
            replies = [own.planner.call(method, path, each, X_Request_Id="knock") for each in (body, nobodys)]
            assert [reply.status for reply in replies] == [422, 422], path
            assert replies[0] == replies[1], path
    assert standing.changed() == set()


def test_filters_find_nothing_of_the_other_tenant(houses: Houses) -> None:
    for own, foreign in permutations(houses):
        assert own.admin.get(f"/auth/users?username=worker%20of%20{foreign.tenant}").items == []
        assert own.admin.get(f"/auth/events?user_id={foreign.worker.id}").items == []
        assert {event["user_id"] for event in own.admin.get("/auth/events").items} & (own.ids | foreign.ids) == {
            own.worker.id
        }
        assert own.planner.get(f"/workorders?number={foreign.things.order_id}").items == []
        found = {order["id"] for order in own.planner.get("/workorders?lot_no=L-1").items}
        assert own.things.order_id in found
        assert not found & {foreign.things.order_id, foreign.things.stopped}


def test_nobody_signs_in_to_another_tenant(houses: Houses) -> None:
    stranger = Person(houses[0].worker.client, None)
    for own, foreign in permutations(houses):
        given = sign_in(own.worker)
        assert stranger.post("/auth/login", given).data["user"]["id"] == own.worker.id
        with touching() as touched:
            crossed = stranger.post("/auth/login", given | {"tenant": foreign.tenant})
        nobody = stranger.post("/auth/login", given | {"tenant": foreign.tenant, "username": "nobody"})
        assert (crossed.status, crossed.error["code"]) == (401, "ERR_AUTH_BAD_CREDENTIALS")
        assert crossed.error | {"request_id": ""} == nobody.error | {"request_id": ""}
        assert touched == {foreign.tenant}


def test_the_same_name_in_two_tenants_is_two_people(houses: Houses) -> None:
    client = houses[0].worker.client
    here, there = (employ(client, "twin", Role.ADMIN, house.tenant) for house in houses)
    stranger = Person(client, None)
    changed = there.post("/auth/password", {"current": PASSWORD, "new": "staple battery horse"})

    assert changed.data["user"]["id"] == there.id
    assert stranger.post("/auth/login", sign_in(here)).data["user"]["id"] == here.id
    assert stranger.post("/auth/login", sign_in(there)).status == 401


def test_a_refresh_token_is_good_in_its_own_tenant_only(houses: Houses) -> None:
    stranger = Person(houses[0].worker.client, None)
    for own, foreign in permutations(houses):
        token = own.things.refresh_token
        edited = token.replace(f".{own.tenant}.", f".{foreign.tenant}.", 1)
        for crossed in (edited, edited.replace(own.worker.id, foreign.worker.id)):
            refused = stranger.post("/auth/refresh", {"refresh_token": crossed})
            assert (refused.status, refused.error["code"]) == (401, "ERR_AUTH_REFRESH_INVALID")
        with touching() as touched:
            assert stranger.post("/auth/refresh", {"refresh_token": token}).data["user"]["id"] == own.worker.id
        assert touched == {own.tenant}


def test_a_key_used_in_both_tenants_is_two_requests(houses: Houses) -> None:
    machine = {"id": "M1", "name": "Press"}
    registered = [house.admin.post("/machines", machine, key="k") for house in houses]

    assert [(reply.status, "Idempotent-Replayed" in reply.headers) for reply in registered] == [(201, False)] * 2
