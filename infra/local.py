"""The Takip of this clone on this machine: its folder, its AWS, its admin."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from infra.aws import Aws
from infra.deployment import chalice
from infra.emulator.process import DEFAULT_PORT, REGION, Emulator
from infra.places import KEPT, PROJECT
from infra.problem import Problem

ENVIRONMENT = "local"
ADMIN = "admin"
_ORIGINS = "TAKIP_CORS_ORIGINS"


@dataclass(frozen=True)
class Local:
    """Takip on the embedded emulator, or on the endpoint that the environment names, where `emulator` is None."""

    home: Path
    aws: Aws
    emulator: Emulator | None

    def is_running(self) -> bool:
        """Whether there is a Takip to talk to."""
        return self.has_been_deployed() and (self.emulator is None or self.emulator.is_running())

    def has_been_deployed(self) -> bool:
        """Whether a deployment has come to its end."""
        return (self.home / "deployed").exists()

    @property
    def admin_file(self) -> Path:
        """Where the admin's username and password are kept, as the body of a sign-in."""
        return self.home / "admin.json"

    def admin(self) -> dict[str, str]:
        """The username and password of the admin that `up` makes; made up once and kept for this user's eyes only."""
        if not self.admin_file.exists():
            self.keep(self.admin_file, {"username": ADMIN, "password": secrets.token_urlsafe(12)})
        account: dict[str, str] = json.loads(self.admin_file.read_text())
        return account

    def keep(self, path: Path, secret: object) -> None:
        """Write something as JSON for this user's eyes only."""
        with open(path, "w", opener=_for_my_eyes_only) as file:
            json.dump(secret, file, indent=1)

    def is_told_first(self, secret: str) -> bool:
        """Whether a secret is told for the first time; from then on it is not."""
        mark = self.home / f"told-{secret}"
        is_first = not mark.exists()
        mark.touch()
        return is_first

    def admin_is_made(self) -> bool:
        """Whether the admin was made in what is deployed now."""
        made = self.home / "admin-made"
        return made.exists() and made.read_text() == (self.home / "deployed").read_text()

    def note_admin(self) -> None:
        """Note that the admin is made in what is deployed now."""
        (self.home / "admin-made").write_text((self.home / "deployed").read_text())

    def remember_port(self) -> None:
        """Let the next verbs, and the next `up`, find the emulator on this port."""
        if self.emulator:
            (self.home / "port").write_text(str(self.emulator.port))


def local(port: int | None = None) -> Local:
    """The local Takip: on the port given, else the one of last time, else MiniStack's and LocalStack's usual one."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        home = KEPT / "elsewhere"
        return Local(home, Aws(os.environ.get("AWS_DEFAULT_REGION", REGION), endpoint), emulator=None)
    home = KEPT / "local"
    remembered = home / "port"
    if port is None:
        port = int(remembered.read_text()) if remembered.exists() else DEFAULT_PORT
    home.mkdir(parents=True, exist_ok=True)
    emulator = Emulator(home, port, chalice.setting(PROJECT, ENVIRONMENT, "environment_variables").get(_ORIGINS, ""))
    return Local(home, emulator.aws, emulator)


@contextmanager
def alone(here: Local) -> Iterator[None]:
    """Let one verb at a time change the local Takip. Raises Problem where another is at it."""
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


def _for_my_eyes_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
