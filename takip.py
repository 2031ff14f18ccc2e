#!/usr/bin/env python3
"""The command line of Takip: makes .venv, installs the requirements there, and runs infra/cli.

It uses the standard library only. Its syntax is old enough that an old Python can read it and report the problem.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.causes import cause, told

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed-by-takip"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
OLDEST = (3, 11)
INTERRUPTED = 130


def main() -> int:
    """Run the command of the arguments; returns the exit code."""
    if sys.version_info < OLDEST:
        return refuse("Takip needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))
    if Path(sys.prefix).resolve() == VENV.resolve() and is_installed():
        from infra.cli import main as command_line  # noqa: PLC0415  what it imports was not installed a moment ago

        return command_line()
    if not is_installed():
        try:
            refusal = install()
        except KeyboardInterrupt:
            return refuse("Stopped while installing. The same command goes on from there.", INTERRUPTED)
        except OSError as error:
            refusal = told(error)
            if refusal is None:
                raise
        if refusal:
            return refuse(refusal)
    return hand_over()


def is_installed() -> bool:
    """Whether .venv holds the requirements.

    The Python that installed them does not matter, because everything runs on that of .venv.
    """
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted()


def wanted() -> str:
    """The digest of the requirements that must be installed."""
    digest = hashlib.sha256()
    for name in REQUIREMENTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def install() -> "str | None":
    """Install the requirements in .venv. Returns a message if that is not possible, else None."""
    STAMP.unlink() if STAMP.exists() else None
    if not works():
        say("Making .venv ...")
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([base_python(), "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        words = made.stdout + made.stderr
        if made.returncode:
            hint = "On Debian and Ubuntu: sudo apt install python3-venv" if "ensurepip" in words else cause(words)
            return f".venv could not be made.\n{hint}\n{words}"
    say("Installing what Takip needs into .venv (about a minute, once) ...")
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(ROOT / REQUIREMENTS[-1])]
    done = subprocess.run(pip, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return f"The packages could not be installed.\n{cause(done.stderr)}\n{done.stderr}"
    STAMP.write_text(wanted())  # written last, so that an interrupted installation counts as unfinished
    return None


def works() -> bool:
    """Whether .venv exists and can install. It cannot if its making was interrupted or its Python is gone.

    A .venv of another Python than this one is accepted: a running Takip may use it.
    """
    if not PYTHON.exists():
        return False
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([str(PYTHON), "-c", question], capture_output=True, check=False).returncode == 0


def base_python() -> str:
    """The Python outside any virtual environment, because .venv may be made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


def hand_over() -> int:
    """Run the same arguments on the Python of .venv."""
    command = [str(PYTHON), str(ROOT / "takip.py"), *sys.argv[1:]]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606  no shell is meant
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return INTERRUPTED


def say(sentence: str) -> None:
    """Print the progress of the installation."""
    sys.stderr.write(sentence + "\n")


def refuse(sentence: str, code: int = 1) -> int:
    """Print what is wrong."""
    say(sentence.strip())
    return code


if __name__ == "__main__":
    sys.exit(main())
