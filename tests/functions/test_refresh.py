"""Refresh: a token is valid once, a lost reply can be repeated, and a copied token signs its device out."""

from datetime import timedelta

import pytest

from chalicelib.refresh_tokens import RefreshToken, read
from tests.conftest import SetClock, Told
from tests.floor import MINUTE, MORNING, Person, Plant
from tests.machines import standing
from tests.phones import Phone, phone, refused

INVALID = (401, "ERR_AUTH_REFRESH_INVALID")
REUSED = (401, "ERR_AUTH_REFRESH_REUSED")


def test_a_made_up_token_refreshes_nothing(plant: Plant) -> None:
    for made_up in ("", "x", "x" * 1024, str(RefreshToken("default", "u", "d", 0, "A" * 43))):
        assert refused(plant.stranger.post("/auth/refresh", {"refresh_token": made_up})) == INVALID


@pytest.mark.parametrize("body", [{}, {"refresh_token": None}, {"refresh_token": 1}, {"refresh_token": "x" * 1025}])
def test_what_is_no_text_of_a_tokens_length_is_no_token(plant: Plant, body: dict[str, object]) -> None:
    assert plant.stranger.post("/auth/refresh", body).status == 422


def test_refreshing_gives_a_new_pair(mobile: Phone, zeynep: Person) -> None:
    pair = mobile.refresh().data

    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert (pair["token_type"], pair["expires_in"], pair["user"]["id"]) == ("Bearer", 1800, zeynep.id)
    assert pair["refresh_token"] != mobile.refresh_token
    assert Phone(mobile.client, None, pair=pair).get("/auth/me").data["id"] == zeynep.id


def test_a_phone_stays_signed_in_by_refreshing_again_and_again(mobile: Phone, set_clock: SetClock) -> None:
    seen = {mobile.refresh_token}
    for _ in range(20):
        set_clock.forward(timedelta(minutes=29))
        mobile = mobile.refreshed()
        seen.add(mobile.refresh_token)
        assert mobile.get("/auth/me").status == 200

    assert len(seen) == 21


def test_a_reply_that_was_lost_is_given_again_with_a_fresh_access_token(mobile: Phone, set_clock: SetClock) -> None:
    pairs = []
    for _ in range(3):
        pairs.append(mobile.refresh().data)
        set_clock.forward(MINUTE)

    assert len({pair["refresh_token"] for pair in pairs}) == 1
    assert len({pair["access_token"] for pair in pairs}) == 3
    set_clock.set(MORNING + 31 * MINUTE)
    assert Phone(mobile.client, None, pair=pairs[0]).get("/auth/me").error["code"] == "ERR_AUTH_TOKEN_EXPIRED"
    assert Phone(mobile.client, None, pair=pairs[2]).get("/auth/me").status == 200


@pytest.mark.parametrize("later", [1, 2, 7])
def test_a_token_that_was_spent_before_its_successor_was_signs_its_device_out(
    plant: Plant, mobile: Phone, zeynep: Person, told: Told, later: int
) -> None:
    newest = mobile.refreshed()
    for _ in range(later):
        newest = newest.refreshed()
    told()

    assert refused(mobile.refresh()) == REUSED

    assert refused(newest.refresh()) == refused(mobile.refresh()) == INVALID
    assert standing("device") == []
    event = plant.admin.get("/auth/events?kind=refresh_reused").items[0]
    assert (event["user_id"], event["actor_id"], event["address"]) == (zeynep.id, None, "127.0.0.1")
    assert event["device_id"] == read(mobile.refresh_token).device_id
    assert [line["event"] for line in told() if line["message"] == "security"] == ["refresh_reused"]


def test_a_copy_signs_out_the_device_it_was_made_of_and_no_other(plant: Plant, mobile: Phone) -> None:
    tablet, spent = phone(plant), mobile.refresh_token
    mobile.refreshed().refreshed()

    assert refused(mobile.refresh(spent)) == REUSED
    assert tablet.refresh().status == 200


def test_a_made_up_token_with_the_right_device_and_number_changes_nothing(mobile: Phone) -> None:
    newest = mobile.refreshed().refreshed()
    real = read(newest.refresh_token)
    before = standing("device")[0].attribute_values

    for number in range(4):
        made_up = RefreshToken(real.tenant, real.user_id, real.device_id, number, "A" * 43)
        assert refused(mobile.refresh(str(made_up))) == INVALID

    assert standing("device")[0].attribute_values == before
    assert [each.data["kind"] for each in standing("security_event")] == ["signed_in"]
    assert newest.refresh().status == 200


def test_a_token_that_was_edited_anywhere_is_refused_and_never_our_failure(mobile: Phone) -> None:
    token = mobile.refresh_token
    for at in range(len(token)):
        other = "B" if token[at] != "B" else "C"
        for edited in (
            token[:at] + other + token[at + 1 :],
            token[:at] + token[at + 1 :],
            token[:at] + "." + token[at:],
        ):
            assert refused(mobile.refresh(edited)) == INVALID

    assert mobile.refresh().status == 200


def test_somebody_elses_name_on_a_token_does_not_make_it_theirs(plant: Plant, mobile: Phone) -> None:
    real = read(mobile.refresh_token)
    for stolen in (
        RefreshToken(real.tenant, plant.admin.id, real.device_id, real.number, real.secret),
        RefreshToken("another-plant", real.user_id, real.device_id, real.number, real.secret),
    ):
        assert refused(mobile.refresh(str(stolen))) == INVALID


def test_neither_kind_of_token_is_good_for_what_the_other_is(plant: Plant, mobile: Phone) -> None:
    me = plant.stranger.get("/auth/me", Authorization=f"Bearer {mobile.refresh_token}")

    assert refused(me) == (401, "ERR_AUTH_TOKEN_INVALID")
    assert refused(mobile.refresh(str(mobile.pair["access_token"]))) == INVALID


def test_what_is_kept_does_not_let_anybody_in(mobile: Phone) -> None:
    newest = mobile.refreshed()
    device = standing("device")[0]
    kept = str(device.attribute_values)

    assert newest.refresh_token not in kept
    assert read(newest.refresh_token).secret not in kept
    assert refused(mobile.refresh(device.data["digest"])) == INVALID


def test_refreshing_does_not_need_an_access_token_that_is_good(plant: Plant, mobile: Phone) -> None:
    reply = plant.stranger.post(
        "/auth/refresh", {"refresh_token": mobile.refresh_token}, Authorization="Bearer long gone"
    )

    assert reply.status == 200


def test_nobody_refreshes_for_a_trial(mobile: Phone, plant: Plant) -> None:
    reply = plant.stranger.post("/auth/refresh?dry_run=1", {"refresh_token": mobile.refresh_token})

    assert refused(reply) == (400, "ERR_REQUEST_BAD_PARAMETER")
