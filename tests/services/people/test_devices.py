"""Refreshing when others refresh at the same moment, or when the process crashes in between."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.errors import LostRace
from chalicelib.domain.people.devices import MOST_REFRESHES
from chalicelib.refresh_tokens import RefreshTokenInvalid, RefreshTokenReused
from chalicelib.services.people import devices
from chalicelib.storage import table
from tests.disturbances import Crash, all_at_once, crash, raising, times
from tests.floor import Person, on_device
from tests.machines import refusal, standing, watched
from tests.services.coming_in import HERE, is_signed_in, refreshed


def test_refreshing_costs_a_read_and_the_first_time_a_write(token: str) -> None:
    with watched() as first:
        refreshed(token)
    with watched() as again:
        refreshed(token)

    assert (first, again) == (["BatchGetItem", "PutItem"], ["BatchGetItem"])


def test_a_token_that_cannot_be_one_costs_nothing(zeynep: Person) -> None:
    with watched() as called, pytest.raises(RefreshTokenInvalid):
        refreshed("made up")

    assert called == []


def test_fifty_who_refresh_with_one_token_at_once_all_get_the_same_next_one(token: str) -> None:
    with all_at_once(50, "put"), ThreadPoolExecutor(50) as crowd:
        got = set(crowd.map(refreshed, [token] * 50))

    assert len(got) == 1
    assert [each.data["number"] for each in standing("device")] == [1]
    assert is_signed_in(got.pop())


def test_whoever_loses_the_race_gets_what_the_winner_got(token: str) -> None:
    won: list[str] = []

    with watched(times(1, lambda: won.append(refreshed(token)), "PutItem")) as called:
        lost = refreshed(token)

    assert [lost] == won
    assert called.count("PutItem") == 2


def test_a_collision_is_attempted_again(token: str) -> None:
    busy = refusal("TransactionConflictException", "PutItem")

    with watched(times(3, raising(busy), "PutItem")) as called:
        following = refreshed(token)

    assert called.count("PutItem") == 4
    assert is_signed_in(following)


def test_patience_with_collisions_comes_to_an_end_and_the_token_is_still_good(token: str) -> None:
    busy = refusal("TransactionConflictException", "PutItem")

    with watched(times(100, raising(busy), "PutItem")), pytest.raises(LostRace):
        refreshed(token)

    assert is_signed_in(token)


def test_a_process_that_is_gone_before_it_wrote_has_spent_nothing(token: str) -> None:
    with watched(times(1, crash, "PutItem")), pytest.raises(Crash):
        refreshed(token)

    assert [each.data.get("number", 0) for each in standing("device")] == [0]
    assert refreshed(token) == refreshed(token)


def test_a_process_that_is_gone_after_it_wrote_has_locked_nobody_out(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = table.put

    def put_and_be_gone(*given: Any) -> None:
        put(*given)
        crash()

    with monkeypatch.context() as broken:
        broken.setattr(table, "put", put_and_be_gone)
        with pytest.raises(Crash):
            refreshed(token)
    assert [each.data["number"] for each in standing("device")] == [1]

    following = refreshed(token)

    assert refreshed(token) == following
    assert is_signed_in(following)


def test_whoever_is_overtaken_by_two_refreshes_holds_a_copy(token: str) -> None:
    def overtake() -> None:
        refreshed(refreshed(token))

    with watched(times(1, overtake, "PutItem")), pytest.raises(RefreshTokenReused):
        refreshed(token)

    assert standing("device") == []


def test_a_device_that_is_signed_out_while_it_refreshes_stays_so(token: str, zeynep: Person) -> None:
    (device,) = standing("device")
    other = on_device(zeynep)

    with (
        watched(times(1, lambda: devices.revoke(other.actor, device.data["id"], HERE), "PutItem")),
        pytest.raises(RefreshTokenInvalid),
    ):
        refreshed(token)

    assert [each.data["id"] for each in standing("device")] == [other.device_id]


def test_a_device_that_refreshes_while_it_is_signed_out_is_signed_out(token: str, zeynep: Person) -> None:
    following: list[str] = []
    device_id = standing("device")[0].data["id"]

    with watched(times(1, lambda: following.append(refreshed(token)))):
        devices.revoke(on_device(zeynep).actor, device_id, HERE)

    assert not is_signed_in(following[0])


def test_two_copies_that_are_used_at_once_sign_the_device_out_once(token: str) -> None:
    refreshed(refreshed(token))
    refusals: list[type[BaseException]] = []

    def use_copy() -> None:
        with pytest.raises((RefreshTokenReused, RefreshTokenInvalid)) as refused:
            refreshed(token)
        refusals.append(refused.type)

    with watched(times(1, use_copy)):
        use_copy()

    assert refusals == [RefreshTokenReused] * 2
    assert standing("device") == []


def test_what_refreshes_more_often_than_any_phone_has_to_sign_in_again(token: str) -> None:
    (device,) = standing("device")
    device.data["number"] = MOST_REFRESHES
    device.save()

    assert not is_signed_in(token)
