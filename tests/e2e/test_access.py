"""Sign-in and access with many people at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import get_ident
from typing import Any

import httpx
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_random

from infra.administration import ask, make_admin
from tests.e2e.conftest import ADMIN, ENVIRONMENT, Deployed
from tests.sampling import IS_FULL

# Every request at once is a Lambda of its own, begun cold, for which `takip.py test --full` has the time.
AT_ONCE = 50 if IS_FULL else 8
PATIENCE = 240
UNTIL_TAKIP_ANSWERS = Retrying(
    retry=retry_if_result(
        lambda reply: (
            reply.status_code in {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
            or "ERR_COMMAND_LOST_RACE" in reply.text  # of too many at once; the API asks for another try
        )
    ),
    wait=wait_random(1, 5),
    stop=stop_after_delay(PATIENCE),
)


def at_once(deployed: Deployed, ask: Callable[[httpx.Client], httpx.Response], count: int) -> list[httpx.Response]:
    """Send the same request so many times at the same moment, each again where nothing was decided."""
    limits = httpx.Limits(max_connections=count)
    with (
        httpx.Client(base_url=deployed.url, timeout=PATIENCE, limits=limits) as http,
        ThreadPoolExecutor(count) as pool,
    ):
        return [each.result() for each in [pool.submit(UNTIL_TAKIP_ANSWERS, ask, http) for _ in range(count)]]


def codes(replies: list[httpx.Response]) -> Counter[str]:
    """How often each answer was given: a status, and the code of a refusal."""
    return Counter(f"{each.status_code} {each.json().get('error', {}).get('code', '')}".strip() for each in replies)


def test_of_many_registrations_of_one_name_at_once_one_wins(deployed: Deployed) -> None:
    token = deployed.token()
    person = {"username": "Zeynep", "password": "the same for everybody"}

    def register(http: httpx.Client) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"of thread {get_ident()}"}
        return http.post("/auth/register", json=person, headers=headers)

    told = codes(at_once(deployed, register, AT_ONCE))

    assert told == {"201": 1, "409 ERR_USER_USERNAME_TAKEN": AT_ONCE - 1}


def test_many_uses_of_one_refresh_token_at_once_all_get_the_same_successor(deployed: Deployed) -> None:
    pair = httpx.post(f"{deployed.url}/auth/login", json=ADMIN, timeout=PATIENCE).json()["data"]

    def refresh(http: httpx.Client, token: str = pair["refresh_token"]) -> httpx.Response:
        return http.post("/auth/refresh", json={"refresh_token": token})

    replies = at_once(deployed, refresh, AT_ONCE)
    assert codes(replies) == {"200": AT_ONCE}
    (successor,) = {each.json()["data"]["refresh_token"] for each in replies}
    with httpx.Client(base_url=deployed.url, timeout=PATIENCE) as http:
        assert refresh(http, successor).status_code == HTTPStatus.OK
        assert refresh(http).json()["error"]["code"] == "ERR_AUTH_REFRESH_REUSED"
        assert refresh(http, successor).json()["error"]["code"] == "ERR_AUTH_REFRESH_INVALID"


def test_many_guesses_at_once_get_no_more_answers_than_one_after_another(deployed: Deployed) -> None:
    guess = {"username": "nobody-knows", "password": "a guess"}

    told = codes(at_once(deployed, lambda http: http.post("/auth/login", json=guess), 20))

    assert told == {"401 ERR_AUTH_BAD_CREDENTIALS": 5, "429 ERR_AUTH_TOO_MANY_ATTEMPTS": 15}


def test_two_admins_who_demote_each_other_at_once_leave_one(deployed: Deployed) -> None:
    list(ask(deployed.aws, ENVIRONMENT, "create tenant", {"id": "pair", "settings": {}}))
    pairs = []
    for name in ("first", "second"):
        make_admin(deployed.aws, ENVIRONMENT, name, "alike for both", "pair")
        account = {"tenant": "pair", "username": name, "password": "alike for both"}
        pairs.append(httpx.post(f"{deployed.url}/auth/login", json=account, timeout=PATIENCE).json()["data"])
    wishes = [(pairs[0], pairs[1]["user"]["id"]), (pairs[1], pairs[0]["user"]["id"])] * 10

    def demote(http: httpx.Client) -> httpx.Response:
        pair, other = wishes.pop()
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        return http.patch(f"/auth/users/{other}/role", json={"role": "worker"}, headers=headers)

    told = codes(at_once(deployed, demote, len(wishes)))

    assert "409 ERR_USER_LAST_ADMIN" in told or "403 ERR_AUTH_FORBIDDEN" in told
    with httpx.Client(base_url=deployed.url, timeout=PATIENCE) as http:
        left = [pair for pair in pairs if _is_admin(http, pair)]
    assert len(left) == 1


def _is_admin(http: httpx.Client, pair: dict[str, Any]) -> bool:
    """Whether somebody may still do what only an admin may."""
    return http.get("/auth/events", headers={"Authorization": f"Bearer {pair['access_token']}"}).is_success
