"""Running other programs, and reporting their failures as Problems."""

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
    """Run a program with `given` on its standard input, and return its output.

    Raises Problem with the sentence `failure` and the last lines of the program's output.
    """
    done = subprocess.run(command, check=False, cwd=cwd, env=env, input=given, capture_output=True, text=True)
    if done.returncode:
        raise _failed(failure, done.stdout + done.stderr)
    return done.stdout


def pip(failure: str, *arguments: str) -> None:
    """Run this Python's pip.

    Raises Problem with the sentence `failure`, the cause, and the last lines of pip's output.
    """
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise _failed(f"{failure}\n{cause(done.stderr)}", done.stdout + done.stderr)


def stream(command: Sequence[str], failure: str, *, cwd: Path, env: Mapping[str, str], given: str) -> Generator[str]:
    """Run a program with `given` on its standard input, and yield each line of its output at once.

    Ctrl-C is passed on to the program, which may finish its work. Its last output comes before the KeyboardInterrupt. A
    second Ctrl-C ends both at once. Raises Problem with `failure` and the last lines of the output.
    """
    # Standard error goes into a file, because a pipe that is not read would fill up and stop the program.
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
            with suppress(BrokenPipeError):  # it ended before it had read everything; its last output says why
                process.stdin.write(given)
                process.stdin.close()
            yield from process.stdout
        if process.returncode:
            complaints.seek(0)
            raise _failed(failure, complaints.read())


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    """End the program if it still runs."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


@contextmanager
def _interrupts_handed_to(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Pass the first Ctrl-C on to a program, wait for its end, then raise KeyboardInterrupt."""
    interrupted = False

    def hand_on(_signal: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        signal(SIGINT, default_int_handler)
        with suppress(ValueError):  # on Windows the console has sent it already, and this signal does not exist
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
