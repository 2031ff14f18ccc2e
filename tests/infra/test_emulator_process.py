"""Starting and stopping an emulator, and its port."""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.emulator import process
from infra.emulator.process import REGION, Emulator, free_port, is_free, refuse_taken_port
from infra.problem import Problem
from tests.infra.scripted_server import Answer, serving_by


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_not_refused() -> None:
    port = free_port()
    refuse_taken_port(port)
    assert is_free(port)


def test_a_taken_port_is_refused_with_a_way_out(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_ANSWER_SECONDS", 0.1)
    with pytest.raises(Problem, match=f"Port {taken} is in use by another program") as refused:
        refuse_taken_port(taken)
    assert f"--port {taken + 1}" in str(refused.value)


def test_another_takip_on_the_port_is_named() -> None:
    with serving_by(lambda _: Answer(200, {"home": "/elsewhere/.takip/local", "pid": 7})) as server:
        port = server.server_address[1]
        with pytest.raises(Problem, match="the Takip of /elsewhere"):
            refuse_taken_port(port)
        assert not Emulator(Path("/here"), port).is_running()


def test_a_home_is_never_served_twice(tmp_path: Path) -> None:
    with serving_by(lambda _: Answer(200, {"home": str(tmp_path), "pid": 7})) as server:
        first = server.server_address[1]
        (tmp_path / "running.json").write_text(f'{{"port": {first}}}')
        with pytest.raises(Problem, match=f"already, on port {first}. Stop it first"):
            Emulator(tmp_path, free_port()).start()


def test_stopping_what_does_not_run_is_no_problem(tmp_path: Path) -> None:
    Emulator(tmp_path, free_port()).stop()
    assert list(tmp_path.iterdir()) == []


def test_what_the_process_says_when_it_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no such disk')")
    monkeypatch.setattr(process, "_SERVER", broken)
    with pytest.raises(Problem, match="no such disk"):
        Emulator(tmp_path / "home", free_port()).start()


@pytest.mark.e2e
def test_an_emulator_keeps_what_it_holds_when_it_is_stopped_and_started(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path, free_port())
    queue = {"QueueName": "kept"}
    emulator.start()
    emulator.start()  # nothing more happens
    emulator.aws.client("sqs").create_queue(**queue)
    emulator.stop()
    assert not emulator.is_running()
    (tmp_path / "running.json").write_text("left behind by a process that was killed")
    emulator.start()
    try:
        assert emulator.aws.client("sqs").get_queue_url(**queue)["QueueUrl"].endswith("/kept")
        assert emulator.aws.region == REGION
    finally:
        emulator.stop()


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform == "win32", reason="there, no process is killed by a signal")
def test_a_killed_emulator_finds_what_was_saved(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path, free_port())
    emulator.start()
    emulator.aws.client("sqs").create_queue(QueueName="saved")
    emulator.save()
    emulator.aws.client("sqs").create_queue(QueueName="lost")
    os.kill(json.loads((tmp_path / "running.json").read_text())["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while not is_free(emulator.port) and time.monotonic() < deadline:
        time.sleep(0.05)
    emulator.start()
    try:
        queues = emulator.aws.client("sqs").list_queues()["QueueUrls"]
        assert [url.rpartition("/")[2] for url in queues] == ["saved"]
    finally:
        emulator.stop()


def test_an_emulator_that_cannot_save_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="could not save its state"):
        Emulator(tmp_path, free_port()).save()
