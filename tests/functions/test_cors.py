"""Pages of other sites: those of allowed origins may send requests to every path, and read the answers."""

import pytest

from functions._response import ALLOWED_HEADERS
from functions._rules import OLD_RULES, RULES
from tests.floor import Person, Plant

ALLOWED, OTHER = "https://floor.example", "https://evil.example"
PATHS = [*sorted({rule.path for rule in (*RULES, *OLD_RULES)}), "/nowhere"]


@pytest.fixture(autouse=True)
def _one_origin(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKIP_CORS_ORIGINS", ALLOWED)


def told(person: Person, path: str, origin: str) -> dict[str, str]:
    """What a browser is told that asks whether a page of an origin may send a request to a path."""
    wanted = {"Access_Control_Request_Method": "PATCH", "Access_Control_Request_Headers": "authorization,if-match"}
    reply = person.call("OPTIONS", path.replace("{", "").replace("}", ""), Origin=origin, **wanted)
    assert reply.status == 204
    return {name: value for name, value in reply.headers.items() if name.startswith("Access-Control")}


def test_pages_of_allowed_origins_may_send_requests_to_every_path_and_others_to_none(plant: Plant) -> None:
    for path in PATHS:
        assert told(plant.stranger, path, OTHER) == {}, path
        assert told(plant.stranger, path, ALLOWED) == {
            "Access-Control-Allow-Origin": ALLOWED,
            "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Expose-Headers": told(plant.stranger, "/health", ALLOWED)["Access-Control-Expose-Headers"],
            "Access-Control-Max-Age": "600",
        }, path
