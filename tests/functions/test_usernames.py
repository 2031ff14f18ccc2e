"""Usernames as phones type them: the letter i with and without its dot, and the blanks that a keyboard appends."""

from urllib.parse import quote

import pytest

from tests.floor import Plant
from tests.phones import PASSWORD, employ, log_in, refused

TAKEN = (409, "ERR_USER_USERNAME_TAKEN")
BLOCKED = (429, "ERR_AUTH_TOO_MANY_ATTEMPTS")

IBRAHIM = [
    "İbrahim",
    "ibrahim",
    "Ibrahim",
    "IBRAHIM",
    "İBRAHİM",
    "ıbrahım",
    "I\u0307brahim",
    "ibrahim ",
    "İbrahim\u00a0",
]
ISIK = ["ışık", "Işık", "IŞIK", "ıŞIK", "İşık", "işik", "is\u0327ik", " ışık\u202f"]


@pytest.mark.parametrize("spellings", [IBRAHIM, ISIK])
def test_every_spelling_is_the_one_person(plant: Plant, spellings: list[str]) -> None:
    user = plant.admin.post("/auth/register", {"username": spellings[0], "password": PASSWORD}).data

    for spelling in spellings:
        assert log_in(plant, spelling).data["user"]["id"] == user["id"]
        assert plant.planner.get(f"/auth/users?username={quote(spelling)}").items == [user]
    assert user["username"] == spellings[0]


@pytest.mark.parametrize("spellings", [IBRAHIM, ISIK])
def test_two_spellings_are_never_two_people(plant: Plant, spellings: list[str]) -> None:
    employ(plant, spellings[0])

    for spelling in spellings[1:]:
        body = {"username": spelling.strip(), "password": PASSWORD}
        assert refused(plant.admin.post("/auth/register", body)) == TAKEN


@pytest.mark.parametrize(("typed", "kept"), [("zeynep ", "zeynep"), ("Zeynep\u00a0 ", "Zeynep"), ("Ali İ\t", "Ali İ")])
def test_what_a_keyboard_appends_is_no_part_of_a_name(plant: Plant, typed: str, kept: str) -> None:
    made = plant.admin.post("/auth/register", {"username": typed, "password": PASSWORD})

    assert (made.status, made.data["username"]) == (201, kept)


def test_blanks_do_not_make_a_name_too_long(plant: Plant) -> None:
    name = "x" * 64

    assert plant.admin.post("/auth/register", {"username": f"{name} ", "password": PASSWORD}).status == 201
    assert log_in(plant, f" {name}  ").status == 200


@pytest.mark.parametrize("typed", ["", " ", "\u00a0", 7, None, ["zeynep"]])
def test_blanks_alone_are_no_name(plant: Plant, typed: object) -> None:
    for path in ("/auth/login", "/auth/register"):
        reply = plant.admin.post(path, {"username": typed, "password": PASSWORD})
        assert (reply.status, list(reply.fields())) == (422, ["username"])


@pytest.mark.parametrize(
    "password", ["benim adim IŞIK", "İŞİKişık", "is\u0327ik123", "\u0131şık\u00a0\u00a0\u00a0\u00a0"]
)
def test_a_password_contains_the_name_in_no_spelling(plant: Plant, password: str) -> None:
    reply = plant.admin.post("/auth/register", {"username": "Işık ", "password": password})

    assert reply.fields() == {"password": "contains_username"}


def test_another_spelling_is_no_way_to_guess_more_often(plant: Plant) -> None:
    employ(plant, "ışık")

    assert [log_in(plant, name, "wrong").status for name in ISIK[:6]] == [401] * 5 + [429]
    assert refused(log_in(plant, "Işık ")) == BLOCKED
