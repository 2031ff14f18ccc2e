"""Every deployment moves logins to the names of today, tells whose cannot be moved, and has orders counted again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from infra import deployment
from infra.aws import Aws
from infra.cli import deploy, former_names, recounting, up
from infra.cli.console import console
from infra.deployment import Site, edges
from infra.local import Local

SITE = Site("local", "eu-central-1", "http://127.0.0.1:4566", "http://127.0.0.1:4566/v1", "takip", "queue", "url", ())
MOVED = {"tenant": "default", "username": "ışık", "is_moved": True}
STAYS = {"tenant": "north", "username": "[b]işık", "is_moved": False}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What Takip was asked, of which environment; it answers that one login was moved and one was not."""
    found: list[tuple[str, str]] = []

    def ask(_: Aws, environment: str, verb: str, __: dict[str, Any]) -> Iterator[dict[str, Any]]:
        found.append((environment, verb))
        yield from (MOVED, STAYS) if verb == "move logins" else ()

    for asking in (former_names, recounting):
        monkeypatch.setattr(asking, "ask", ask)
    for verb in (up, deploy):
        monkeypatch.setattr(verb, "tell_migrations", lambda *_: None)
    monkeypatch.setattr(deploy, "refuse_unknown_schema", lambda *_: None)
    return found


def test_who_keeps_a_former_name_is_told_and_nobody_else(asked: list[tuple[str, str]]) -> None:
    with console.capture() as captured:
        former_names.move_logins(Aws("eu-central-1"), "dev")

    told = " ".join(captured.get().split())
    assert "[b]işık (tenant north) has the same name as somebody else" in told
    assert "ışık (tenant default)" not in told
    assert asked == [("dev", "move logins")]


def test_up_moves_logins_and_counts_again_before_it_makes_an_admin(
    asked: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "deploy", lambda *_, **__: SITE)
    monkeypatch.setattr(up, "make_admin", lambda _, environment, **__: asked.append((environment, "make admin")))
    monkeypatch.setattr(up, "_await_answer", lambda _: None)

    (tmp_path / "deployed").write_text("a mark of what is deployed")

    up._bring_up(Local(tmp_path, Aws("eu-central-1"), emulator=None))

    assert asked == [("local", "move logins"), ("local", "count again"), ("local", "make admin")]


def test_deploy_moves_logins_and_counts_again(asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "amazon", lambda: Aws("eu-central-1"))
    monkeypatch.setattr(Aws, "account", lambda _: "123456789012")
    monkeypatch.setattr(deployment, "deploy", lambda *_, **__: SITE)
    monkeypatch.setattr(edges, "put", lambda *_: ())
    monkeypatch.setattr(deploy, "who_is_told", lambda *_: "are told to ada@example.com")

    assert CliRunner().invoke(deploy.deploy, ["--stage", "prod"]).exit_code == 0
    assert asked == [("prod", "move logins"), ("prod", "count again")]
