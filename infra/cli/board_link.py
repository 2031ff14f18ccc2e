"""The link to the board of the Takip on this machine: it has the key of a screen, so it opens without a sign-in."""

import json
import secrets

import httpx

from infra.local import Local
from infra.replay.api import Api, Refused

SCREEN = "takip.py up"
"""The name of the screen. Screens are listed by it, and may be revoked."""

_SECONDS = 30


def board_link(here: Local, url: str) -> str:
    """The same link as the last time or, if its screen was revoked, that of a new one.

    It is without a key if the admin that `up` made cannot sign in any more: then the board asks for a sign-in.
    """
    kept = here.home / "board-link.json"
    if kept.exists():
        link: str = json.loads(kept.read_text(encoding="utf-8"))
        if _opens(url, link):
            return f"{url}{link}"
    try:
        with Api(url) as api:
            api.sign_in(**here.admin())
            link = api.post("/screens", {"name": SCREEN}, secrets.token_hex(16))["link"]
    except Refused:
        return f"{url}/board"
    here.keep(kept, link)
    return f"{url}{link}"


def _opens(url: str, link: str) -> bool:
    """Whether the key of a link is still one."""
    key = {"X-Screen-Key": link.partition("#")[2]}
    return httpx.get(f"{url}/board", headers=key | {"Accept": "application/json"}, timeout=_SECONDS).is_success
