"""Paths in a clone of the project, and files that only this user can read."""

import json
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / ".takip"  # all files that the tools make; git-ignored, safe to delete
CONTRACT = PROJECT / "docs" / "openapi.json"  # the contract of the API, as the last documents were made


def write_privately(path: Path, secret: object) -> None:
    """Write a value as JSON, readable only by this user. Who reads meanwhile sees the former file."""
    new = path.with_name(f"{path.name}.new")
    with open(new, "w", encoding="utf-8", opener=_for_my_eyes_only) as file:
        json.dump(secret, file, indent=1)
    new.replace(path)


def _for_my_eyes_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
