"""The process that plays the demonstration's plant: started once, known, and ended."""

import sys
import time
from pathlib import Path

import pytest

from infra.emulator.process import free_port
from infra.problem import Problem
from infra.replay.target import Target
from infra.simulate import player as players
from infra.simulate.player import Order, Player

TARGET = Target("http://127.0.0.1:1", None, "eu-central-1", "queue", "demo-ayse", "a password")


def test_it_is_started_once_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    player = Player(tmp_path)
    assert (player.is_running(), player.process_id()) == (False, None)
    player.start(TARGET, None)
    try:
        first = player.process_id()
        player.start(TARGET, None)
        assert first is not None
        assert player.process_id() == first
        if sys.platform != "win32":
            assert (tmp_path / "demo-player.json").stat().st_mode & 0o077 == 0
    finally:
        player.stop()
    assert (player.is_running(), player.process_id()) == (False, None)
    assert "the plant is at work" in player.log.read_text()
    player.stop()  # nothing more happens


def test_a_file_that_a_killed_process_left_behind_is_no_player(tmp_path: Path) -> None:
    (tmp_path / "demo-player.json").write_text('{"pid": 1}')
    assert Player(tmp_path).process_id() is None


def test_it_ends_when_its_emulator_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(players, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(players, "_ASK_SECONDS", 0.02)
    monkeypatch.setattr(players, "_GONE_AFTER_SECONDS", 0.1)
    path = tmp_path / "demo-player.json"
    path.touch()
    began = time.monotonic()
    Order(path, TARGET, free_port()).await_end()
    assert 0.1 <= time.monotonic() - began < 10


def test_one_that_does_not_start_or_stop_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(players, "PROJECT", tmp_path)
    player = Player(tmp_path)
    with pytest.raises(Problem, match="does not come to life"):
        player.start(TARGET, None)
    monkeypatch.setattr(players, "_STOP_SECONDS", 0.05)
    with player._lock, pytest.raises(Problem, match="does not stop"):
        player.stop()
