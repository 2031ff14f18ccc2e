"""The Takip of this clone on this machine: its folder, its AWS, its admin."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from infra.aws import Aws
from infra.emulator.process import DEFAULT_PORT, REGION, Emulator
from infra.places import KEPT

ENVIRONMENT = "local"
ADMIN = "admin"


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
        """Where the admin that `up` made is kept."""
        return self.home / "admin.json"

    def admin(self) -> dict[str, str]:
        """The username and password of the admin that `up` makes; made up once and kept for this user's eyes only."""
        if not self.admin_file.exists():
            with open(self.admin_file, "w", opener=_for_my_eyes_only) as file:
                json.dump({"username": ADMIN, "password": secrets.token_urlsafe(12)}, file)
        account: dict[str, str] = json.loads(self.admin_file.read_text())
        return account


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
    emulator = Emulator(home, port)
    return Local(home, Aws(REGION, emulator.endpoint), emulator)


def _for_my_eyes_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
