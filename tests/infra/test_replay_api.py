"""The client repeats only requests that may be repeated, always with the same key."""

import pytest

from infra.problem import Problem
from infra.replay import api as client
from infra.replay.api import Api, Refused
from tests.infra.scripted_server import Answer, serving

CREATED = Answer(201, {"status": "success", "data": {"id": "a"}})
NOW = {"Retry-After": "0"}


def refusal(status: int, code: str) -> Answer:
    return Answer(status, {"status": "error", "error": {"code": code, "title": "No", "detail": "Because."}})


@pytest.mark.parametrize(
    "first",
    [
        Answer(409, {"status": "error", "error": {"code": "ERR_LOST_RACE"}}, NOW),
        Answer(429, {"status": "error", "error": {}}, NOW),
        Answer(503, {"status": "error", "error": {}}, NOW),
        Answer(502, {"message": "Internal server error"}),
        Answer(504, {"message": "Endpoint request timed out"}),
        Answer(0),
    ],
    ids=["lost race", "throttled", "storage away", "gateway", "gateway timeout", "hung up"],
)
def test_what_may_pass_is_sent_again_under_the_same_key(first: Answer) -> None:
    with serving(first, CREATED) as server, Api(server.url) as api:
        assert api.post("/workorders", {"id": "a"}) == {"id": "a"}
        assert len(server.asked) == 2
        assert server.asked[0].headers["Idempotency-Key"] == server.asked[1].headers["Idempotency-Key"]
        assert server.asked[0].body == server.asked[1].body == {"id": "a"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_a_refusal_is_not_sent_again_and_tells_its_code(status: int) -> None:
    with serving(refusal(status, "ERR_SOME_THING")) as server, Api(server.url) as api:
        with pytest.raises(Refused, match=f"{status}: ERR_SOME_THING. No. Because$") as refused:
            api.post("/workorders", {})
        assert (refused.value.status, refused.value.code) == (status, "ERR_SOME_THING")
        assert len(server.asked) == 1


def test_nobody_there_becomes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ATTEMPTS", 2)
    with serving() as server:
        url = server.url
    with (
        Api(url) as api,
        pytest.raises(Problem, match="did not answer GET /health, asked 2 times; at last: ConnectError"),
    ):
        api.get("/health")


def test_the_same_content_has_the_same_key_and_other_content_another() -> None:
    with serving(*[CREATED] * 4) as server, Api(server.url) as api:
        api.post("/machines", {"id": "a", "name": "x"})
        api.post("/machines", {"name": "x", "id": "a"})
        api.post("/machines", {"id": "b", "name": "x"})
        api.post("/workorders", {"id": "a", "name": "x"})
        first, again, other, elsewhere = (asked.headers["Idempotency-Key"] for asked in server.asked)
        assert first == again
        assert len({first, other, elsewhere}) == 3
        assert len(first) <= 128


def test_a_booking_goes_under_the_key_of_its_row() -> None:
    with serving(CREATED) as server, Api(server.url) as api:
        api.post("/stages/a-01/sessions", {}, key="replay-row")
        assert server.asked[0].headers["Idempotency-Key"] == "replay-row"
        assert server.asked[0].path == "/v1/stages/a-01/sessions"


def test_signing_in_makes_every_further_request_this_accounts() -> None:
    signed_in = Answer(200, {"status": "success", "data": {"access_token": "t0ken"}})
    with serving(signed_in, CREATED) as server, Api(server.url) as api:
        api.sign_in("admin", "secret")
        api.get("/auth/users")
        assert "Authorization" not in server.asked[0].headers
        assert server.asked[1].headers["Authorization"] == "Bearer t0ken"


def test_a_list_ends_with_a_missing_cursor_not_with_a_short_page() -> None:
    def page(*ids: int, **cursor: str) -> Answer:
        return Answer(200, {"status": "success", "data": {"items": [{"id": n} for n in ids], **cursor}})

    pages = page(1, 2, next_cursor="c1"), page(next_cursor="c2"), page(3)
    with serving(*pages) as server, Api(server.url) as api:
        assert [item["id"] for item in api.items("/machines/m/rollups", type="temperature")] == [1, 2, 3]
        assert [asked.path.partition("?")[2] for asked in server.asked] == [
            "limit=100&type=temperature",
            "limit=100&cursor=c1&type=temperature",
            "limit=100&cursor=c2&type=temperature",
        ]


def pair(number: int) -> Answer:
    return Answer(200, {"status": "success", "data": {"access_token": f"a{number}", "refresh_token": f"r{number}"}})


def test_a_long_run_renews_its_tokens_and_goes_on() -> None:
    expired = refusal(401, "ERR_AUTH_TOKEN_EXPIRED")
    with serving(pair(1), CREATED, expired, pair(2), CREATED, CREATED) as server, Api(server.url) as api:
        api.sign_in("ada", "secret")
        for _ in range(3):
            api.post("/workorders", {"id": "a"})

        assert [asked.path for asked in server.asked] == [
            "/v1/auth/login",
            "/v1/workorders",
            "/v1/workorders",
            "/v1/auth/refresh",
            "/v1/workorders",
            "/v1/workorders",
        ]
        assert server.asked[3].body == {"refresh_token": "r1"}
        assert [asked.headers.get("Authorization") for asked in server.asked[4:]] == ["Bearer a2"] * 2


def test_a_run_whose_tokens_cannot_be_renewed_ends_with_the_refusal() -> None:
    expired, revoked = refusal(401, "ERR_AUTH_TOKEN_EXPIRED"), refusal(401, "ERR_AUTH_REFRESH_INVALID")
    with serving(pair(1), expired, revoked) as server, Api(server.url) as api:
        api.sign_in("ada", "secret")
        with pytest.raises(Refused, match="ERR_AUTH_"):
            api.get("/workorders")
