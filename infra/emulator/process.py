"""One emulator: a home folder that keeps its state, a port, and the process that serves it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.aws import Aws
from infra.emulator.install import install
from infra.problem import Problem

REGION = "eu-central-1"
DEFAULT_PORT = 4566
MQTT_PORT = 8883  # the port of MQTT over TLS

_SERVER = Path(__file__).with_name("server.py")
# The variables that a process needs. The user's AWS and Python settings do not reach the emulator.
_INHERITED = ("PATH", "HOME", "LANG", "SYSTEMROOT", "COMSPEC", "PATHEXT", "USERPROFILE", "LOCALAPPDATA")
_START_SECONDS = 60
_STOP_SECONDS = 30
_SAVE_SECONDS = 60
_ANSWER_SECONDS = 5
DETACHED = 0
if sys.platform == "win32":
    DETACHED = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW


@dataclass(frozen=True)
class Emulator:
    """The embedded AWS that keeps its data under `home` and listens on `port` of this machine only."""

    home: Path
    port: int = DEFAULT_PORT

    @property
    def endpoint(self) -> str:
        """The URL for AWS clients. It is not "localhost", because Windows tries IPv6 first, for two seconds."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def aws(self) -> Aws:
        """The AWS of this emulator."""
        return Aws(REGION, self.endpoint, runs_functions_here=True)

    @property
    def log(self) -> Path:
        """The log file of the process."""
        return self.home / "emulator.log"

    def is_running(self) -> bool:
        """Whether the emulator of this home answers on this port."""
        return _who_answers(self.port).get("home") == str(self.home)

    def start(self) -> None:
        """Start the process and wait until it answers. Does nothing if it runs already.

        Raises Problem if the port belongs to another program, or if the process does not start.
        """
        if self.is_running():
            return
        self._refuse_second()
        refuse_taken_port(self.port)
        process = self._spawn()
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise Problem(f"The emulator did not come up. The end of {self.log}:\n{self._last_words()}")
            time.sleep(0.1)
        process.returncode = 0  # it outlives this process on purpose, so Python must not warn

    def allow(self, origins: str) -> None:
        """Let pages of these web origins use the emulated AWS from now on, and no others. Commas separate them."""
        (self.home / "origins").write_text(origins, encoding="utf-8")

    def save(self) -> None:
        """Write the state now. The process also does so every minute, and when it stops.

        Raises Problem if it cannot be reached.
        """
        try:
            httpx.put(f"{self.endpoint}/_takip", timeout=_SAVE_SECONDS).raise_for_status()
        except httpx.HTTPError as error:
            raise Problem(
                f"The emulator on port {self.port} could not save its state ({error}); see {self.log}."
            ) from None

    def stop(self) -> None:
        """Stop the process and wait until its state is written. Does nothing if it does not run."""
        if not self.is_running():
            return
        httpx.post(f"{self.endpoint}/_takip", timeout=_STOP_SECONDS)
        deadline = time.monotonic() + _STOP_SECONDS
        while (self.home / "running.json").exists():
            if time.monotonic() > deadline:
                raise Problem(f"The emulator on port {self.port} does not stop; see {self.log}.")
            time.sleep(0.05)

    def _refuse_second(self) -> None:
        """Refuse a second process for the same home, because both would write its state. Raises Problem."""
        try:
            port = int(json.loads((self.home / "running.json").read_text())["port"])
        except (OSError, ValueError, KeyError):
            return
        if Emulator(self.home, port).is_running():
            raise Problem(f"Takip runs here already, on port {port}. Stop it first: python takip.py down")

    def _spawn(self) -> subprocess.Popen[bytes]:
        installation = install()
        shutil.rmtree(self.home / "tmp", ignore_errors=True)  # functions that an earlier run unpacked
        for folder in ("tmp", "state"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [installation.python, _SERVER],
                env=self._environment(installation.lambda_python),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the command line, which stops the emulator in order
                creationflags=DETACHED,
            )

    def _environment(self, lambda_python: Path) -> dict[str, str]:
        temporary = str(self.home / "tmp")
        return {
            **inherited(),
            "TAKIP_EMULATOR_HOME": str(self.home),
            "TAKIP_LAMBDA_PYTHON": str(lambda_python),
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_PORT": str(MQTT_PORT if is_free(MQTT_PORT) else free_port()),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home / "state"),
            "TMPDIR": temporary,
            "TEMP": temporary,
            "TZ": "UTC",  # as in Lambda
        }

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.endpoint}/_ministack/ready").is_success
        except httpx.TransportError:
            return False

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def inherited() -> dict[str, str]:
    """The environment of a process that goes on when the command line has ended."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def is_free(port: int) -> bool:
    """Whether no program on this machine answers on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port() -> int:
    """A port that no program uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refuse_taken_port(port: int) -> None:
    """Raise Problem unless the port is free. The message names the program that uses it, if it is known."""
    if is_free(port):
        return
    other = _who_answers(port)
    holder = f"the Takip of {other['home']} (process {other['pid']})" if other else "another program"
    raise Problem(
        f"Port {port} is in use by {holder}; another emulator such as LocalStack or MiniStack likes it too.\n"
        f"Stop that one, or choose another port: python takip.py up --port {port + 1}"
    )


def _who_answers(port: int) -> dict[str, str]:
    """What the emulator on the port says about itself; empty if there is none, or another program."""
    try:
        identity = httpx.get(f"http://127.0.0.1:{port}/_takip", timeout=_ANSWER_SECONDS).json()
    except (httpx.HTTPError, json.JSONDecodeError):
        return {}
    return identity if isinstance(identity, dict) and "home" in identity else {}
