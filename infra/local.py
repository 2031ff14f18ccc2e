"""The Takip of this clone on this machine: its folder, its AWS and its admin."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from infra.aws import Aws
from infra.emulator.process import DEFAULT_PORT, REGION, Emulator
from infra.places import KEPT, write_privately
from infra.problem import Problem

ENVIRONMENT = "local"
ADMIN = "admin"


@dataclass(frozen=True)
class Local:
    """Takip on the embedded emulator. If `emulator` is None, Takip on the endpoint that the environment names."""

    home: Path
    aws: Aws
    emulator: Emulator | None

    def is_running(self) -> bool:
        """Whether a Takip runs."""
        return self.has_been_deployed() and (self.emulator is None or self.emulator.is_running())

    def has_been_deployed(self) -> bool:
        """Whether a deployment was completed."""
        return (self.home / "deployed").exists()

    @property
    def admin_file(self) -> Path:
        """The file with the admin's username and password, in the form of the body of a sign-in."""
        return self.home / "admin.json"

    def admin(self) -> dict[str, str]:
        """The username and password of the admin that `up` makes. They are made once and readable only by this user."""
        if not self.admin_file.exists():
            self.keep(self.admin_file, {"username": ADMIN, "password": secrets.token_urlsafe(12)})
        account: dict[str, str] = json.loads(self.admin_file.read_text())
        return account

    def keep(self, path: Path, secret: object) -> None:
        """Write a value as JSON, readable only by this user."""
        write_privately(path, secret)

    def is_told_first(self, secret: str) -> bool:
        """Whether a secret is shown for the first time. From then on it is not."""
        mark = self.home / f"told-{secret}"
        is_first = not mark.exists()
        mark.touch()
        return is_first

    def admin_is_made(self) -> bool:
        """Whether the admin exists in the present deployment."""
        made = self.home / "admin-made"
        return made.exists() and made.read_text() == (self.home / "deployed").read_text()

    def note_admin(self) -> None:
        """Record that the admin exists in the present deployment."""
        (self.home / "admin-made").write_text((self.home / "deployed").read_text())

    def remember_port(self) -> None:
        """Record the port, so that the next verbs and the next `up` find the emulator."""
        if self.emulator:
            (self.home / "port").write_text(str(self.emulator.port))


def local(port: int | None = None) -> Local:
    """The local Takip, on the given port, else the last one, else the default of MiniStack and LocalStack."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        home = KEPT / "elsewhere"
        return Local(home, Aws(os.environ.get("AWS_DEFAULT_REGION", REGION), endpoint), emulator=None)
    home = KEPT / "local"
    remembered = home / "port"
    if port is None:
        port = int(remembered.read_text()) if remembered.exists() else DEFAULT_PORT
    home.mkdir(parents=True, exist_ok=True)
    emulator = Emulator(home, port)
    return Local(home, emulator.aws, emulator)


@contextmanager
def alone(here: Local) -> Iterator[None]:
    """Allow one verb at a time to change the local Takip. Raises Problem if another verb is at work."""
    here.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(here.home.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Problem("Another `takip.py` is bringing Takip up or down in this clone; wait for it to end.") from None
    try:
        yield
    finally:
        lock.release()
