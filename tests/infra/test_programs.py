"""Running other programs: their output comes at once, and Ctrl-C loses none of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import programs
from infra.problem import Problem

PATIENT = """
import signal, sys, time
stopped = []
signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
for number in range(100):
    print(number, flush=True)
    time.sleep(0.05)
    if stopped:
        print("last", flush=True)
        break
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="there, Ctrl-C comes from the console")


def stream(program: str, given: str = "") -> Iterator[str]:
    return programs.stream(
        [sys.executable, "-c", program], "It failed:", cwd=Path.cwd(), env=dict(os.environ), given=given
    )


def test_each_line_comes_as_soon_as_it_is_written() -> None:
    began = time.monotonic()
    lines = stream("import time; print('first', flush=True); time.sleep(60)")

    assert next(lines) == "first\n"
    assert time.monotonic() - began < 30
    del lines  # ends the program too: nobody listens any more


def test_a_program_reads_what_it_is_given_whatever_letters_it_has() -> None:
    assert list(stream("import sys; print(ascii(sys.stdin.buffer.read().decode()))", "Çağdaş")) == [f"{'Çağdaş'!a}\n"]


def test_a_failure_is_told_with_the_programs_last_words_however_many_came_before() -> None:
    program = "import sys; sys.stderr.write('x' * 1_000_000 + '\\nlast words'); sys.exit(3)"

    with pytest.raises(Problem, match=r"^It failed:\n(?s:.*)last words$"):
        list(stream(program))


def test_a_program_that_ends_before_it_has_read_everything_still_tells_why() -> None:
    with pytest.raises(Problem, match="no thank you"):
        list(stream("raise SystemExit('no thank you')", "much" * 1_000_000))


@posix
def test_ctrl_c_lets_the_program_finish_what_it_is_at() -> None:
    said = []

    with pytest.raises(KeyboardInterrupt):  # noqa: PT012  what came before it is what this is about
        for line in stream(PATIENT):
            said.append(line)
            if len(said) == 2:
                os.kill(os.getpid(), signal.SIGINT)

    assert said[-1] == "last\n"
    assert len(said) < 10


@posix
def test_a_second_ctrl_c_ends_it_at_once() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    began = time.monotonic()
    lines = stream(deaf)
    next(lines)
    # A process of its own, because this one waits for the next line meanwhile.
    press = f"import os, time\nfor _ in range(2): time.sleep(0.5); os.kill({os.getpid()}, 2)"
    with subprocess.Popen([sys.executable, "-c", press]), pytest.raises(KeyboardInterrupt):
        next(lines)

    assert time.monotonic() - began < 30


@posix
def test_ctrl_c_afterwards_is_what_it_was_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert list(stream("print(1)")) == ["1\n"]
    assert signal.getsignal(signal.SIGINT) is before


def test_pip_that_fails_is_told_with_the_cause_and_its_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match=r"^Not fetched\.\nWhat it says:\n(?s:.*)no-such-file"):
        programs.pip("Not fetched.", "install", "--no-index", "-r", str(tmp_path / "no-such-file"))
