"""What is still accepted and will go with the next version of the API: how a client that uses it is told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from chalice.app import Request as HttpRequest

from chalicelib.schemas.base import OLD_NAMES


@dataclass(frozen=True)
class Deprecated:
    """Since when something is deprecated (RFC 9745) and, once that is decided, when it goes (RFC 8594)."""

    since: datetime
    until: datetime | None = None


# By its name: names of fields in bodies and filters.
DEPRECATED: Mapping[str, Deprecated] = dict.fromkeys(OLD_NAMES.values(), Deprecated(datetime(2026, 12, 1, tzinfo=UTC)))
# All doors of the app of the old system.
OLD_APP = Deprecated(datetime(2026, 12, 1, tzinfo=UTC))
SUCCESSOR = "https://takip.dev/docs/mobile.md"
_KEY = re.compile(rf'"({"|".join(DEPRECATED)})"\s*:'.encode())


def told(request: HttpRequest) -> dict[str, str]:
    """The headers Deprecation and Sunset for a request that uses something deprecated; none for any other."""
    raw = request.raw_body
    body = raw if isinstance(raw, bytes) else raw.encode(errors="surrogatepass")
    names = {name.decode() for name in _KEY.findall(body)} | (DEPRECATED.keys() & set(request.query_params or ()))
    return _headers([DEPRECATED[name] for name in names])


def of_old_app() -> dict[str, str]:
    """The headers of every answer to the app of the old system, with the page about the one that follows it."""
    return {**_headers([OLD_APP]), "Link": f'<{SUCCESSOR}>; rel="deprecation"; type="text/markdown"'}


def _headers(used: Sequence[Deprecated]) -> dict[str, str]:
    if not used:
        return {}
    ends = [each.until for each in used if each.until]
    sunset = {"Sunset": format_datetime(min(ends), usegmt=True)} if ends else {}
    return {"Deprecation": f"@{min(int(each.since.timestamp()) for each in used)}", **sunset}
