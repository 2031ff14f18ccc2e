"""What every door of the old app does alike: a walk over all of them."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.old_ids import Kind
from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.people.users import Role
from chalicelib.domain.planning.opening import MAX_STAGES
from chalicelib.schemas.old_issues import NewStatus
from chalicelib.schemas.old_machines import MOST_READINGS
from functions import old_issues, old_machines, old_moulds, old_people, old_products
from functions._openapi import document
from functions._response import SECURITY_HEADERS
from functions._rules import ID, OLD_RULES, READS, WRITES, Rule
from infra.places import PROJECT
from tests.e2e.old_contract import ANSWERS
from tests.floor import Person, Plant, Reply
from tests.functions.old_requests import BODIES, knock
from tests.old_app import detail, let_in

OFF = "Eski uygulama kapatıldı. Yeni Takip uygulamasını kurun ve orada aynı ad ve parolayla oturum açın."
CHANGE_FIRST = "Önce parolanızı değiştirin, sonra yeni parolayla yeniden oturum açın."
NOT_HERE = "Bu kayıt burada yok ya da sizin değil. Listeyi yeniden açın."
SIGNED_IN = [rule for rule in OLD_RULES if rule.action is not None]
WITH_BODY = [rule for rule in OLD_RULES if rule.method in WRITES]
WITH_ID = [rule for rule in OLD_RULES if "{" in rule.path]


@pytest.fixture(autouse=True)
def _let_in(plant: Plant) -> None:
    let_in()


def send(person: Person, rule: Rule, number: str = "404", query: str = "", body: Any = None, **headers: str) -> Reply:
    """Send a request to a door. What its path names is not there."""
    given = {} if body is None and rule.method in WRITES else body
    asked = query if rule.query is not NewStatus else f"?new_status=open{query.replace('?', '&')}"
    return person.call(rule.method, f"{ID.sub(number, rule.path)}{asked}", given, **headers)


def test_they_stand_under_v0_and_are_no_part_of_the_contract() -> None:
    assert OLD_RULES
    assert [rule.path for rule in OLD_RULES if not rule.path.startswith("/v0/")] == []
    assert [path for path in document()["paths"] if path.startswith("/v0")] == []


def test_what_a_path_names_is_a_kind_of_number() -> None:
    kinds = {place[1:-1] for rule in OLD_RULES for place in ID.findall(rule.path)}
    assert kinds <= set(Kind.__args__)  # type: ignore[attr-defined]


def test_who_has_not_signed_in_is_sent_to_sign_in(plant: Plant) -> None:
    for rule in SIGNED_IN:
        reply = send(plant.stranger, rule)
        assert (reply.status, detail(reply)) == (401, "Oturumunuz kapandı. Yeniden oturum açın."), rule.path
        assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_whose_role_may_not_is_told_so(plant: Plant) -> None:
    people = {person.actor.role: person for person in (plant.admin, plant.planner, plant.worker)}
    for rule in SIGNED_IN:
        for role in people.keys() - PERMISSIONS[str(rule.action)]:
            reply = send(people[role], rule)
            assert (reply.status, detail(reply)) == (403, "Rolünüz bunu yapamaz."), rule.path


def test_a_plant_that_does_not_let_the_app_in_says_so(plant: Plant) -> None:
    let_in(on=False)
    for rule in OLD_RULES:
        reply = knock(plant.admin, rule)
        assert (reply.status, detail(reply)) == (403, OFF), rule.path


@pytest.mark.parametrize("number", ["404", "0", "-1", "x", "1.0", "٣", "9" * 100])
def test_a_number_of_nothing_is_not_here(plant: Plant, number: str) -> None:
    for rule in WITH_ID:
        reply = knock(plant.admin, rule, number)
        assert (reply.status, detail(reply)) == (404, NOT_HERE), rule.path


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [(b"{", {}, 400), (b"[]", {}, 400), (b"{}", {"Content_Type": "text/plain"}, 415), (b"x" * 256 * 1025, {}, 413)],
)
def test_a_body_that_cannot_be_is_refused_in_one_text(
    plant: Plant, body: bytes, headers: dict[str, str], status: int
) -> None:
    for rule in WITH_BODY:
        reply = send(plant.admin, rule, body=body, **headers)
        assert reply.status == status, (rule.path, reply.body)
        assert detail(reply)


def test_a_body_of_null_is_none_and_no_parameter_of_todays_holds(plant: Plant) -> None:
    for rule in WITH_BODY:
        sent, empty = (send(plant.admin, rule, body=body) for body in (b"null", b""))
        assert (sent.status, sent.body) == (empty.status, empty.body), rule.path
        assert send(plant.admin, rule, query="?dry_run=x").body == send(plant.admin, rule).body, rule.path


def test_every_answer_says_that_the_app_goes_and_has_the_headers_of_security(plant: Plant) -> None:
    for rule in OLD_RULES:
        for reply in (send(plant.admin, rule), send(plant.stranger, rule)):
            assert reply.headers.items() >= SECURITY_HEADERS.items(), rule.path
            assert reply.headers["Cache-Control"] == "no-store", rule.path
            assert reply.headers["Deprecation"] == "@1796083200", rule.path
            assert 'rel="deprecation"' in reply.headers["Link"], rule.path
            assert reply.headers["X-Request-Id"], rule.path
            assert reply.status < 400 or reply.headers["Content-Language"] == "tr", rule.path


def test_every_door_that_changes_something_is_tried_with_a_body_that_is_right() -> None:
    needed = {rule.name for rule in WITH_BODY if rule.body.model_fields}
    assert needed == set(BODIES)


@pytest.mark.parametrize("role", Role)
def test_until_a_given_password_is_changed_every_door_but_two_is_closed(plant: Plant, role: Role) -> None:
    somebody = plant.hire("somebody", role)
    assert somebody.user is not None
    given = replace(somebody, user=replace(somebody.user, must_change_password=True))
    for rule in SIGNED_IN:
        if role in PERMISSIONS[str(rule.action)] and rule.path not in ("/v0/auth/me", "/v0/auth/change-password"):
            reply = knock(given, rule)
            assert (reply.status, detail(reply)) == (403, CHANGE_FIRST), rule.path


# Lists without pages, each with what bounds it.
BOUNDED = {
    "old_list_issues": old_issues.MOST_ISSUES,
    "old_list_notifications": old_issues.MOST_NOTIFICATIONS,
    "old_list_machines": old_machines.MOST_MACHINES,
    "old_list_readings": MOST_READINGS,
    "old_list_moulds": old_moulds.MOST_MOULDS,
    "old_list_products": old_products.MOST_PRODUCTS,
    "old_list_stages": MAX_STAGES,
    "old_list_users": old_people.MOST_USERS,
}


def test_every_list_has_an_end() -> None:
    assert {rule.name for rule in OLD_RULES if rule.is_list} == set(BOUNDED)
    assert max(BOUNDED.values()) <= 1_000


def test_a_slash_at_the_end_and_unknown_parameters_change_nothing(plant: Plant) -> None:
    for rule in OLD_RULES:
        if rule.method in READS:
            plain = send(plant.admin, rule)
            for tail in ("/", "?colour=red"):
                assert send(plant.admin, rule, query=tail).body == plain.body, rule.path


def test_there_is_a_door_for_each_call_of_the_app_and_no_other() -> None:
    called = {call.rstrip("/") for call in ANSWERS}
    assert {f"{rule.method} {ID.sub('{}', rule.path.removeprefix('/v0'))}" for rule in OLD_RULES} == called


def test_each_call_stands_beside_todays_in_the_page_of_the_move() -> None:
    page = (PROJECT / "docs" / "coming-from.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.partition("## The app")[2].splitlines() if line.startswith("| `")]

    def told(rule: Rule) -> bool:
        words = [rule.method, *ID.sub("", rule.path.removeprefix("/v0")).split("/")]
        return any(all(word in row for word in words) for row in rows)

    assert [rule.endpoint for rule in OLD_RULES if not told(rule)] == []
