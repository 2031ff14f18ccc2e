"""Pages for a browser: what they load, how long a browser may keep it, and what it may not do."""

import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

import pytest

from chalicelib.domain.boards.state import NeedKind, WorkState
from chalicelib.domain.priorities import Priority
from functions import _pages
from tests.floor import Person, Plant

# Words that scripts choose by a value of the API, or of an address.
SAID_OF_VALUES = {f"state_{each}" for each in WorkState} | {f"priority_{each}" for each in Priority} | {*NeedKind}
SAID_OF_VALUES |= {f"tab_{each}" for each in ("late", "today", "week", "all", "gantt", "issues", "create", "import")}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MODULE = re.compile(r'(?:from |import\()"([^"]+)"')
ADDRESS = re.compile(r'(?:src|href)="([^"]+)"')


def loaded(person: Person, path: str) -> dict[str, str]:
    """What a page loads: its media type by its path."""
    found = [urljoin(path, address) for address in ADDRESS.findall(person.get(path).body)]
    return {each: person.get(each).headers["Content-Type"] for each in found}


@pytest.mark.parametrize("path", ["/docs", "/api-docs", "/docs/"])
def test_everybody_gets_the_page_with_all_that_it_loads(plant: Plant, path: str) -> None:
    reply = plant.stranger.get(path)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert sorted(loaded(plant.stranger, path).values()) == [
        "image/svg+xml; charset=utf-8",
        *["text/css; charset=utf-8"] * 2,
        *["text/javascript; charset=utf-8"] * 2,
    ]


def test_the_page_is_asked_for_again_and_what_it_loads_is_kept(plant: Plant) -> None:
    page = plant.stranger.get("/docs")
    (script, *_) = (path for path in loaded(plant.stranger, "/docs") if "/docs." in path)

    assert page.headers["Cache-Control"] == "no-cache"
    assert plant.stranger.get("/docs", If_None_Match=page.headers["ETag"]).status == HTTPStatus.NOT_MODIFIED
    assert plant.stranger.get(script).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_page_may_load_only_from_where_it_came_and_runs_nothing_that_is_written_in_it(plant: Plant) -> None:
    page = plant.stranger.get("/docs")
    policy = page.headers["Content-Security-Policy"].split("; ")

    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?! src=)|https?:", page.body) == []


@pytest.mark.parametrize(
    ("path", "scripts"),
    [
        ("/orders/WO-1/card", {"card", "words", "session", "preact", "lean-qr"}),
        ("/plan", {"plan", "plan-order", "polling", "words", "preact"}),
    ],
)
def test_a_page_and_its_scripts_load_files_that_are_there_at_once_or_later(
    plant: Plant, path: str, scripts: set[str]
) -> None:
    waiting, seen = [*loaded(plant.stranger, path)], set[str]()
    while waiting:
        seen.add(script := waiting.pop())
        found = MODULE.findall(plant.stranger.get(script).body) if "/preact." not in script else []
        waiting += [address for each in found if (address := urljoin(script, each)) not in seen]

    assert {plant.stranger.get(each).status for each in seen} == {200}
    assert {each.split("/")[-1].split(".")[0] for each in seen} >= scripts


@pytest.mark.parametrize("loads", ['import { say } from "./words.js";', 'await import("./words.js")'])
def test_a_script_has_another_name_if_what_it_loads_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loads: str
) -> None:
    monkeypatch.setattr(_pages, "ROOM", tmp_path)
    (tmp_path / "words.js").write_text("one")
    (tmp_path / "card.js").write_text(loads)
    before = _pages._digested(tmp_path / "card.js")
    (tmp_path / "words.js").write_text("two")

    assert _pages._digested(tmp_path / "card.js") != before


def test_every_word_of_the_pages_stands_in_both_languages_and_is_said() -> None:
    table, said = (_pages.ROOM / "words.js").read_text(), "".join(path.read_text() for path in _pages.ROOM.glob("*.js"))
    lines = re.search(r"const WORDS = \{\n(.*?)\n\};", table, re.DOTALL)
    assert lines is not None
    words = [re.fullmatch(r'  (\w+): \["([^"]+)", "([^"]+)"\],', line) for line in lines[1].splitlines()]
    names = [word[1] for word in words if word]

    assert len(names) == len(words)
    assert names == sorted(set(names))
    assert [name for name in names if f'"{name}"' not in said and name not in SAID_OF_VALUES] == []
    assert set(names) >= SAID_OF_VALUES
    assert set(re.findall(r'say\("(\w+)"\)', said)) <= set(names)


def test_what_is_being_typed_is_not_undone_when_a_page_draws_itself_again() -> None:
    fields = [
        field
        for path in _pages.ROOM.glob("*.js")
        for field in re.findall(r"<input\b.*?/>", path.read_text("utf-8"), re.DOTALL)
        if 'type="checkbox"' not in field
    ]

    assert len(fields) > 10
    assert [field for field in fields if " value=" in field and "onChange" in field] == []


@pytest.mark.parametrize("query", ["also=../x", "size=a3", "lang=de", "also=" + ",".join(["WO"] * 50)])
def test_what_a_page_does_not_understand_is_refused_by_name(plant: Plant, query: str) -> None:
    reply = plant.stranger.get(f"/orders/WO-1/card?{query}")

    assert (reply.status, [each["field"] for each in reply.error["errors"]]) == (400, [query.partition("=")[0]])


def test_a_browser_that_opens_the_board_gets_its_page_and_a_script_gets_its_state(plant: Plant) -> None:
    page = plant.stranger.get("/board?theme=dark&rotate=A,B", Accept=BROWSER)
    state = plant.planner.get("/board", Accept=BROWSER)

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (state.status, state.headers["Content-Type"]) == (200, "application/json")
    assert all("Accept" in reply.headers["Vary"].split(", ") for reply in (page, state))
    assert plant.stranger.get("/board", Accept="application/json").status == 401
    assert plant.stranger.get("/board", Accept=BROWSER, X_Screen_Key="nonsense").status == 401


def test_the_page_of_the_board_refuses_what_it_does_not_understand(plant: Plant) -> None:
    reply = plant.stranger.get("/board?theme=pink", Accept=BROWSER)

    assert (reply.status, [each["field"] for each in reply.error["errors"]]) == (400, ["theme"])


def test_the_name_of_a_file_changes_with_its_content() -> None:
    assert _pages._address("a.b.js", b"one") != _pages._address("a.b.js", b"two")
    assert re.fullmatch(r"a\.b\.[0-9a-f]{16}\.js", _pages._address("a.b.js", b"one"))


def test_every_file_that_a_page_loads_has_a_name_of_its_own() -> None:
    kept = [path for path in _pages.ROOM.rglob("*") if re.search(r"\.(js|css|svg)(\.xz)?$", path.name)]
    assert len(kept) == len(_pages._stored())


@pytest.mark.parametrize("name", ["docs.js", "docs.0000000000000000.js", "..%2fdocs.html", "published.json"])
def test_nothing_else_of_the_room_can_be_had(plant: Plant, name: str) -> None:
    reply = plant.stranger.get(f"/assets/{name}")

    assert (reply.status, reply.error["code"]) == (404, "ERR_REQUEST_UNKNOWN_ID")
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_first_door_says_what_this_is_and_where_to_go(plant: Plant) -> None:
    told = plant.stranger.get("/").data

    assert told["name"] == "Takip"
    assert {plant.stranger.get(told[name]).status for name in ("docs", "contract", "health")} == {200}
