"""Who may use which endpoint. Every declared rule is tested, so no new endpoint can be forgotten."""

import pytest

from app import app
from chalicelib import settings, tokens
from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.people.users import Role, User
from functions._rules import OLD_RULES, RULES, Rule
from tests.conftest import SetClock
from tests.floor import MORNING, Person, Plant, on_device
from tests.functions.access import name_of

GUARDED = [rule for rule in RULES if rule.action is not None]
CLOSED = [rule for rule in GUARDED if not rule.strangers]


def path_of(rule: Rule) -> str:
    """A path through the rule's door, to things that are not there."""
    return rule.path.replace("{", "").replace("}", "")


def knock(person: Person, rule: Rule, **headers: str) -> int:
    """Come to a door with nothing in hand, and tell the status."""
    return person.call(rule.method, path_of(rule), None if rule.method == "GET" else {}, **headers).status


def test_only_signing_in_health_the_contract_and_pages_are_public() -> None:
    public = {(rule.method, rule.path) for rule in RULES if rule.action is None and not rule.is_page}
    read = {("GET", path) for path in ("/", "/health", "/ready", "/openapi.json")}

    assert public == {("POST", path) for path in ("/auth/login", "/auth/refresh", "/terminals/sign-in")} | read


def test_every_route_of_the_application_is_a_declared_rule() -> None:
    routed = {(method, path) for path, methods in app.routes.items() for method in methods if method != "OPTIONS"}

    assert routed == {(rule.method, rule.path) for rule in (*RULES, *OLD_RULES)}


def test_every_door_asks_for_an_action_that_the_table_of_permissions_knows() -> None:
    assert {rule.action for rule in GUARDED} == set(PERMISSIONS)


@pytest.mark.parametrize("rule", CLOSED, ids=name_of)
def test_anonymous_comes_through_no_guarded_door(plant: Plant, rule: Rule) -> None:
    reply = plant.stranger.call(rule.method, path_of(rule), None if rule.method == "GET" else {})

    assert reply.status == 401
    assert reply.error["code"] == "ERR_AUTH_TOKEN_MISSING"
    assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("rule", GUARDED, ids=name_of)
def test_a_door_opens_exactly_to_the_roles_that_are_named(plant: Plant, rule: Rule) -> None:
    people = {Role.ADMIN: plant.admin, Role.PLANNER: plant.planner, Role.WORKER: plant.worker}

    opened = {role for role, person in people.items() if knock(on_device(person), rule) not in {401, 403}}

    assert opened == PERMISSIONS[str(rule.action)]


@pytest.mark.parametrize("rule", GUARDED, ids=name_of)
def test_a_role_is_refused_before_its_body_is_looked_at(plant: Plant, rule: Rule) -> None:
    refused = [plant.worker] if Role.WORKER not in PERMISSIONS[str(rule.action)] else []

    statuses = [person.call(rule.method, path_of(rule), b"{" * 300_000).status for person in refused]

    assert statuses == [403] * len(refused)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "token"])
def test_only_a_bearer_token_is_a_token(plant: Plant, header: str) -> None:
    assert plant.stranger.get("/auth/me", Authorization=header).error["code"] == "ERR_AUTH_TOKEN_MISSING"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_of_a_token_is_read_without_case(set_clock: SetClock, plant: Plant, scheme: str) -> None:
    token = tokens.issue(plant.worker.actor, settings.signing_keys(), set_clock(), 30)

    assert plant.stranger.get("/auth/me", Authorization=f"{scheme} {token}").status == 200
    assert plant.stranger.get("/auth/me", Authorization=f"{scheme} x").error["code"] == "ERR_AUTH_TOKEN_INVALID"


def test_an_expired_token_is_told_apart(plant: Plant, set_clock: SetClock) -> None:
    token = tokens.issue(plant.worker.actor, settings.signing_keys(), MORNING, 30)
    set_clock.set(MORNING.replace(minute=30))

    reply = plant.stranger.get("/auth/me", Authorization=f"Bearer {token}")

    assert (reply.status, reply.error["code"]) == (401, "ERR_AUTH_TOKEN_EXPIRED")


def test_what_only_an_admin_may_is_asked_of_the_table_as_of_now(plant: Plant) -> None:
    gone = Person(plant.client, User("nobody", "gone", Role.ADMIN, MORNING))
    demoted = Person(plant.client, User(plant.worker.id, "veli", Role.ADMIN, MORNING))
    body = {"username": "new", "password": "a long enough one"}

    assert gone.post("/auth/register", body).error["code"] == "ERR_AUTH_FORBIDDEN"
    assert demoted.post("/auth/register", body).error["code"] == "ERR_AUTH_FORBIDDEN"
    assert gone.get("/auth/users").status == 200


def test_an_inactive_admin_may_nothing_that_only_an_admin_may(plant: Plant) -> None:
    retired = plant.hire("retired", Role.ADMIN, active=False)

    assert retired.post("/auth/register", {}).error["code"] == "ERR_AUTH_FORBIDDEN"
