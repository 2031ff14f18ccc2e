#!/usr/bin/env python3
"""The one command for people: makes .venv, installs what Takip needs there, and hands over to infra/cli.

Standard library only, and written so that an old Python can still read it and say what is wrong.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed-by-takip"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
OLDEST = (3, 11)
INTERRUPTED = 130


def main() -> int:
    """Run what the arguments ask for; returns the exit code."""
    if sys.version_info < OLDEST:
        return refuse("Takip needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))
    if Path(sys.prefix).resolve() == VENV.resolve() and STAMP.exists() and STAMP.read_text() == wanted():
        from infra.cli import main as command_line  # noqa: PLC0415  what it imports was not installed a moment ago

        return command_line()
    if not (STAMP.exists() and STAMP.read_text() == wanted()):
        try:
            refusal = install()
        except KeyboardInterrupt:
            return refuse("Stopped while installing. The same command goes on from there.", INTERRUPTED)
        if refusal:
            return refuse(refusal)
    return hand_over()


def wanted() -> str:
    """What must have been installed: a digest of the requirements and of the Python that installs them."""
    digest = hashlib.sha256(sys.version.encode())
    for name in REQUIREMENTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def install() -> "str | None":
    """Make .venv hold the requirements; returns a sentence where that cannot be done."""
    STAMP.unlink() if STAMP.exists() else None
    if not works():
        say("Making .venv ...")
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([base_python(), "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode:
            hint = "On Debian and Ubuntu: sudo apt install python3-venv" if sys.platform == "linux" else ""
            return "\n".join(["This Python cannot make a virtual environment.", hint, made.stdout + made.stderr])
    say("Installing what Takip needs into .venv (about a minute, once) ...")
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(ROOT / REQUIREMENTS[-1])]
    done = subprocess.run(pip, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return (
            "The packages could not be installed. Is the network there? The same command tries again.\n" + done.stderr
        )
    STAMP.write_text(wanted())  # last: a half-finished installation is found unfinished
    return None


def works() -> bool:
    """Whether .venv is there, of this Python, and able to install; an interrupted making of it may not be."""
    if not PYTHON.exists():
        return False
    question = "import sys, pip; print(sys.version)"
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def base_python() -> str:
    """The Python outside any virtual environment: .venv may be about to be made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


def hand_over() -> int:
    """Go on with the same arguments on the Python of .venv."""
    command = [str(PYTHON), str(ROOT / "takip.py"), *sys.argv[1:]]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606  no shell is meant
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return INTERRUPTED


def say(sentence: str) -> None:
    """Tell how far the installation is."""
    sys.stderr.write(sentence + "\n")


def refuse(sentence: str, code: int = 1) -> int:
    """Tell what is wrong."""
    say(sentence.strip())
    return code


if __name__ == "__main__":
    sys.exit(main())
