"""Apps: their versions, which are too old to be served, and the app of the old system, which a plant lets in or not."""

import re
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.errors import Forbidden, Outdated
from chalicelib.domain.sentences import say

# Semantic Versioning 2.0.0, of which an app may leave out the last numbers.
_VERSION = re.compile(
    r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z-]{1,40}(?:\.[0-9A-Za-z-]{1,40}){0,5}))?(?:\+[0-9A-Za-z.-]{1,80})?",
    re.ASCII,
)

Order = tuple[object, ...]


class AppOutdated(Outdated):
    """The app is older than the plant, or this Takip, allows. The person must update it."""

    code = "ERR_APP_OUTDATED"
    title = "The app must be updated"


class OldAppOff(Forbidden):
    """The plant does not let the app of the old system in (any more)."""

    code = "ERR_OLD_APP_OFF"
    title = "The old app is switched off"


@dataclass(frozen=True)
class OldAppUse:
    """That a person used the app of the old system on a local day."""

    user_id: str
    day: date


def order_of(version: str) -> Order | None:
    """What orders a version among others, as Semantic Versioning does; None if it is no version."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return None
    numbers = tuple(int(number or 0) for number in found.groups()[:3])
    early = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in (found[4] or "").split(".") if part
    )
    return *numbers, not early, early


def newest(*versions: str | None) -> str | None:
    """The newest of some versions, if there are any."""
    known = [(order, version) for version in versions if version and (order := order_of(version))]
    return max(known)[1] if known else None


def refuse_older(version: str | None, least: str | None) -> None:
    """Refuse an app that says that it is older than allowed. Raises AppOutdated.

    An app that does not say its version, or says what is none, is not refused.
    """
    if version is None or least is None:
        return
    own, needed = order_of(version), order_of(least)
    if own is not None and needed is not None and own < needed:
        form = "This app is version {version}; {least} or later is needed. Update it, then go on: nothing is lost."
        raise AppOutdated(say(form, version=version, least=least))
