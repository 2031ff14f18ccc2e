"""What admins read about sign-ins, refused sign-ins, and changes of users."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from chalicelib.domain.people.users import Role
from tests.conftest import SetClock, Told
from tests.floor import HOUR, MORNING, Person, Plant, pages
from tests.phones import PASSWORD, employ, log_in, phone, refused

EVENTS = "/auth/events"
SHAPE = {"id", "kind", "at", "user_id", "actor_id", "address", "device_id", "detail"}


def kinds(plant: Plant, query: str = "") -> list[str]:
    return [each["kind"] for each in plant.admin.get(f"{EVENTS}{query}").items]


def test_nobody_unknown_reads_events(plant: Plant) -> None:
    assert refused(plant.stranger.get(EVENTS)) == (401, "ERR_AUTH_TOKEN_MISSING")


def test_events_are_for_admins_only(plant: Plant) -> None:
    for person in (plant.planner, plant.worker):
        assert refused(person.get(EVENTS)) == (403, "ERR_AUTH_FORBIDDEN")


def test_another_plants_events_are_not_there(plant: Plant, zeynep: Person) -> None:
    log_in(plant)
    other = Person(plant.client, plant.admin.user, "another")

    # An admin of another plant who has the same id: who they are is asked there.
    assert other.get(EVENTS).status == 403
    assert kinds(plant) == ["signed_in"]


def test_everything_that_happens_to_accounts_is_told(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    path = f"/auth/users/{zeynep.id}"
    boss = employ(plant, "boss", Role.ADMIN)
    phones = [phone(plant)]
    happening: list[tuple[str, str | None, str | None, Mapping[str, str]]] = [
        ("signed_in", zeynep.id, zeynep.id, {}),
        ("sign_in_failed", zeynep.id, None, {"code": "ERR_AUTH_BAD_CREDENTIALS"}),
        ("sign_in_failed", None, None, {"code": "ERR_AUTH_BAD_CREDENTIALS"}),
        ("role_changed", zeynep.id, boss.id, {"from": "worker", "to": "planner"}),
        ("user_deactivated", zeynep.id, boss.id, {}),
        ("sign_in_failed", zeynep.id, None, {"code": "ERR_AUTH_INACTIVE"}),
        ("user_activated", zeynep.id, boss.id, {}),
        ("signed_in", zeynep.id, zeynep.id, {}),
        ("password_changed", zeynep.id, zeynep.id, {}),
        ("device_revoked", zeynep.id, zeynep.id, {}),
        ("password_reset", zeynep.id, boss.id, {}),
    ]
    doing: list[Callable[[], object]] = [
        lambda: log_in(plant, password="wrong"),
        lambda: log_in(plant, "nobody"),
        lambda: boss.patch(f"{path}/role", {"role": "planner"}),
        lambda: boss.patch(path, {"active": False}),
        lambda: log_in(plant),
        lambda: boss.patch(path, {"active": True}),
        lambda: phones.append(phone(plant)),
        lambda: phones[1].post("/auth/password", {"current": PASSWORD, "new": "staple battery horse"}),
        lambda: [phones[1].post("/auth/logout") for _ in range(2)],
        lambda: boss.post(f"{path}/password"),
    ]
    for act in doing:
        set_clock.forward(timedelta(seconds=1))
        act()

    shown = plant.admin.get(EVENTS).items
    assert [(each["kind"], each["user_id"], each["actor_id"], each["detail"]) for each in shown] == happening[::-1]
    assert all(set(each) == SHAPE for each in shown)
    assert shown[-1]["at"] == "2026-01-05T08:00:00.000Z"


def test_registering_is_told_with_who_did_it(plant: Plant) -> None:
    made = plant.admin.post("/auth/register", {"username": "zeynep", "password": PASSWORD}).data

    (event,) = plant.admin.get(EVENTS).items
    assert (event["kind"], event["user_id"], event["actor_id"]) == ("user_registered", made["id"], plant.admin.id)


def test_events_come_newest_first_page_by_page(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    for password in (PASSWORD, "wrong", PASSWORD):
        set_clock.forward(HOUR)
        log_in(plant, password=password)

    shown = pages(plant.admin, f"{EVENTS}?")

    assert [each["kind"] for each in shown] == ["signed_in", "sign_in_failed", "signed_in"]
    assert [each["at"] for each in shown] == sorted((each["at"] for each in shown), reverse=True)


def test_events_are_found_by_kind_person_and_time(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    employ(plant, "ayla")
    for name, password in (("zeynep", PASSWORD), ("zeynep", "wrong"), ("ayla", PASSWORD)):
        log_in(plant, name, password)
        set_clock.forward(HOUR)

    assert kinds(plant, "?kind=sign_in_failed") == ["sign_in_failed"]
    assert kinds(plant, "?kind=sign_in_failed&kind=signed_in") == ["signed_in", "sign_in_failed", "signed_in"]
    assert kinds(plant, f"?user_id={zeynep.id}") == ["sign_in_failed", "signed_in"]
    assert kinds(plant, f"?user_id={zeynep.id}&kind=signed_in") == ["signed_in"]
    assert kinds(plant, "?user_id=nobody") == []
    # From one instant, included, to before another.
    assert kinds(plant, "?since=2026-01-05T09:00:00Z") == ["signed_in", "sign_in_failed"]
    assert kinds(plant, "?before=2026-01-05T09:00:00Z") == ["signed_in"]
    assert kinds(plant, "?since=2026-01-05T09:00:00Z&before=2026-01-05T10:00:00Z") == ["sign_in_failed"]
    assert kinds(plant, "?since=2026-01-05T09:00:00Z&before=2026-01-05T09:00:00Z") == []


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-01-05T09:00:00.001Z&before=2026-01-05T09:00:00Z",
        "kind=slept",
        "since=yesterday",
        "since=2026-01-05T09:00:00",
        "limit=0",
        "user_id=a%20b",
        "who=x",
        "cursor=x",
    ],
)
def test_a_filter_that_means_nothing_is_refused(plant: Plant, query: str) -> None:
    reply = plant.admin.get(f"{EVENTS}?{query}")

    assert reply.status == 400
    assert reply.error["code"] in {"ERR_REQUEST_BAD_PARAMETER", "ERR_REQUEST_BAD_CURSOR"}


def test_a_cursor_belongs_to_its_filters(plant: Plant, zeynep: Person) -> None:
    for _ in range(2):
        log_in(plant)
    cursor = plant.admin.get(f"{EVENTS}?limit=1").data["next_cursor"]

    assert plant.admin.get(f"{EVENTS}?limit=1&cursor={cursor}").status == 200
    for other in ("kind=signed_in", "since=2026-01-01T00:00:00Z", f"user_id={zeynep.id}"):
        assert refused(plant.admin.get(f"{EVENTS}?{other}&cursor={cursor}")) == (400, "ERR_REQUEST_BAD_CURSOR")


def test_events_are_kept_for_a_year(plant: Plant, zeynep: Person, set_clock: SetClock) -> None:
    log_in(plant)
    set_clock.set(MORNING + timedelta(days=365))

    assert kinds(plant) == []


def test_nothing_that_somebody_typed_and_no_address_is_in_the_log(plant: Plant, zeynep: Person, told: Told) -> None:
    typed = ["my secret phrase", "my other secret", "zeynep", "nosuchname", "127.0.0.1", "curl-8.5"]
    for name, password in (("zeynep", PASSWORD), ("zeynep", typed[0]), (typed[0], typed[1]), (typed[3], typed[1])):
        plant.stranger.post("/auth/login", {"username": name, "password": password}, User_Agent=typed[5])
    plant.stranger.post("/auth/login", {"username": typed[0] * 9, "password": 1})
    plant.stranger.post("/auth/login", b'{"username": "zeynep", "password": "my secret phrase"')
    mobile = phone(plant)
    mobile.post("/auth/password", {"current": typed[0], "new": typed[1]})
    mobile.post("/auth/password", {"current": PASSWORD, "new": "short"})
    mobile.refresh("my secret phrase")
    mobile.post("/auth/password", {"current": PASSWORD, "new": typed[1]})
    plant.admin.post("/auth/register", {"username": "newcomer", "password": typed[0], "full_name": "My Own Name"})

    lines = told()

    assert {line["message"] for line in lines} == {"request", "security"}
    written = str(lines)
    assert [text for text in [*typed, PASSWORD, "newcomer", "My Own Name", "takip-refresh."] if text in written] == []
    assert not any(part in written for part in str(mobile.pair["access_token"]).split("."))
