"""The verbs of takip.py, and their messages when something is wrong."""

import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra import local as places
from infra.aws import Aws
from infra.cli import admin, checks, commands, environments, up
from infra.cli.checks import Check
from infra.emulator.process import free_port
from infra.problem import Problem

VERBS = (
    "up",
    "down",
    "status",
    "logs",
    "reset",
    "replay",
    "simulate",
    "check",
    "test",
    "bench",
    "export",
    "aggregates",
    "tenant",
    "admin",
    "keys",
    "deploy",
    "destroy",
)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A clone in which nothing was ever started, and a port that nothing else uses."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(places, "KEPT", tmp_path)
    monkeypatch.setattr(places, "DEFAULT_PORT", free_port())
    return tmp_path


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(commands.takip, list(arguments), input=given)


@pytest.mark.parametrize("verb", VERBS)
def test_help_names_every_verb_and_each_has_its_own(verb: str) -> None:
    assert f" {verb} " in run("--help").output
    assert run(verb, "--help").output.count("Usage: ") == 1


def test_status_tells_programs_and_people_that_nothing_runs() -> None:
    told = run("status", "--json")
    assert (json.loads(told.output), told.exit_code) == ({"running": False}, 3)
    assert "python takip.py up" in run("status").output


@pytest.mark.parametrize(
    "verb",
    [("logs",), ("admin", "create", "--username", "ada"), ("simulate",), ("replay", "shared")],
    ids=lambda verb: str(verb[0]),
)
def test_verbs_that_need_a_running_takip_say_how_to_start_it(
    verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(sys, "argv", ["takip.py", *verb])
    if verb[0] == "replay":
        assert run(*verb).exit_code != 0
        return
    assert commands.main() == 1
    assert "python takip.py up" in capsys.readouterr().err


def test_down_and_reset_where_nothing_runs_are_no_mistakes() -> None:
    assert run("down").exit_code == 0
    assert run("reset", "--yes").exit_code == 0


def test_reset_asks_first(kept: Path) -> None:
    home = kept / "local"
    home.mkdir()
    (home / "state").mkdir()
    (home / "port").write_text(str(free_port()))
    assert run("reset", given="n\n").exit_code == 1
    assert (home / "state").exists()
    assert run("reset", given="y\n").exit_code == 0
    assert list(home.iterdir()) == []


def test_only_one_verb_at_a_time_brings_takip_up_or_down() -> None:
    here = places.local()
    with places.alone(here):
        with pytest.raises(Problem, match="Another"), places.alone(here):
            pytest.fail("two at once")
        refused = run("up")
    assert isinstance(refused.exception, Problem)


def test_the_admins_password_is_made_up_once_for_its_owner_only(kept: Path) -> None:
    first, second = places.local().admin(), places.local().admin()
    assert first == second
    assert len(first["password"]) >= 12
    if sys.platform != "win32":
        assert stat.S_IMODE((kept / "local" / "admin.json").stat().st_mode) == 0o600


def test_an_admin_counts_as_made_only_in_the_deployment_it_was_made_in(kept: Path) -> None:
    here = places.local()
    deployed = kept / "local" / "deployed"
    deployed.write_text("one")
    assert not here.admin_is_made()
    here.note_admin()
    assert here.admin_is_made()
    deployed.write_text("another, on an emulator that lost its state")
    assert not here.admin_is_made()


def test_the_port_of_last_time_is_used_again() -> None:
    places.local(4999).remember_port()
    emulator = places.local().emulator
    assert emulator is not None
    assert emulator.endpoint == "http://127.0.0.1:4999"


def test_an_endpoint_in_the_environment_takes_the_emulators_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    here = places.local()
    assert (here.emulator, here.aws.endpoint) == (None, "http://127.0.0.1:4566")
    assert "not ours to stop" in " ".join(run("down").output.split())


def test_ctrl_c_while_it_comes_up_leaves_nothing_running_and_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(up, "_bring_up", interrupted)
    stopped = run("up")
    assert stopped.exit_code == 130
    assert "goes on from there" in stopped.output


def test_the_password_of_a_new_admin_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[Any, ...]] = []

    def make(*arguments: Any) -> bool:
        made.append(arguments)
        return len(made) == 1

    monkeypatch.setattr(admin, "make_admin", make)
    monkeypatch.setattr(environments, "amazon", lambda: Aws("eu-central-1"))
    create = ("admin", "create", "--username", "ada", "--stage", "dev", "--tenant", "acme")
    assert run(*create, given="a long one\n").exit_code == 0
    assert made[0][1:] == ("dev", "ada", "a long one", "acme")
    assert isinstance(run(*create, given="a long one\n").exception, Problem)


def test_a_failed_check_is_counted_and_the_last_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "tests.xml"
    suite = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>'
    python = Path(sys.executable).name
    verdicts = checks._make(
        [
            Check("Good", (python, "-c", "pass")),
            Check("Bad", (python, "-c", "raise SystemExit(1)")),
            Check("Tests", (python, "-c", f"open({str(report)!r}, 'w').write({suite!r})"), report),
        ]
    )
    with pytest.raises(SystemExit) as ended:
        checks._finish(verdicts)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 3 failed"


def test_tests_that_never_came_to_report_count_as_one_that_failed(tmp_path: Path) -> None:
    assert checks._count_tests(tmp_path / "missing.xml") == (0, 1)


def test_a_console_that_lacks_a_character_still_gets_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stderr", narrow)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    monkeypatch.setattr(sys, "argv", ["takip.py", "logs"])
    assert commands.main() == 1
    narrow.flush()
    assert narrow.errors == "replace"
