"""Running other programs and putting what they say about a failure into a Problem."""

import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGINT, default_int_handler, signal
from types import FrameType

from infra.causes import cause
from infra.problem import Problem

_LAST_LINES = 30


def run(
    command: Sequence[str],
    failure: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    given: str | None = None,
) -> str:
    """Run a program to its end, with `given` on its standard input, and return what it wrote.

    Raises Problem with the sentence `failure` and the program's own last words.
    """
    done = subprocess.run(command, check=False, cwd=cwd, env=env, input=given, capture_output=True, text=True)
    if done.returncode:
        raise _failed(failure, done.stdout + done.stderr)
    return done.stdout


def pip(failure: str, *arguments: str) -> None:
    """Run this Python's pip. Raises Problem with the sentence `failure`, why it failed, and pip's own last words."""
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise _failed(f"{failure}\n{cause(done.stderr)}", done.stdout + done.stderr)


def stream(command: Sequence[str], failure: str, *, cwd: Path, env: Mapping[str, str], given: str) -> Generator[str]:
    """Run a program, with `given` on its standard input, and give each line it writes as soon as it is there.

    Ctrl-C is handed on to the program, which may finish what it is at: what it still says comes before the
    KeyboardInterrupt. A second Ctrl-C ends both at once. Raises Problem with `failure` and its last words.
    """
    # What it says on standard error goes into a file: nobody reads it meanwhile, and a full pipe would stop it.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
        )
        with process, _ended(process), _interrupts_handed_to(process):
            assert process.stdin  # noqa: S101  both are pipes, as asked for above
            assert process.stdout  # noqa: S101
            with suppress(BrokenPipeError):  # it gave up before it had read all: its last words say why
                process.stdin.write(given)
                process.stdin.close()
            yield from process.stdout
        if process.returncode:
            complaints.seek(0)
            raise _failed(failure, complaints.read())


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Leave no program behind that nobody listens to any more."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


@contextmanager
def _interrupts_handed_to(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Hand the first Ctrl-C on to a program, wait for its end, and only then be interrupted."""
    interrupted = False

    def hand_on(_signal: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        signal(SIGINT, default_int_handler)
        with suppress(ValueError):  # on Windows the console has told it already, and there is no such signal to send
            process.send_signal(SIGINT)

    before = signal(SIGINT, hand_on)
    try:
        yield
        if interrupted:
            process.wait()
            raise KeyboardInterrupt
    finally:
        signal(SIGINT, before)


def _failed(failure: str, words: str) -> Problem:
    return Problem("\n".join([failure, *words.strip().splitlines()[-_LAST_LINES:]]))
