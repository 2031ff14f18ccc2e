"""Replaying: messages in quarantine are judged again, and taken in if nothing is wrong with them any more.

Readings are stored before their message is deleted. So a crash in between loses nothing, and all may be repeated.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.clock import TimeLeft
from chalicelib.domain.machines.quarantine import Quarantined, body, codes, wrong_places
from chalicelib.domain.markers import Clearing, Fate
from chalicelib.services.machines import known_machines, waiting
from chalicelib.services.machines.groups import Arrived, Opened
from chalicelib.services.machines.ingest import open_all, set_aside_all, store
from chalicelib.storage import markers
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.machines import quarantine
from chalicelib.storage.machines.quarantine import Listed

SETTLED = timedelta(minutes=3)
"""Until then a message may still come into quarantine by what was true before: a run lasts a minute, remembers a
machine for another, and whoever puts it right needs up to half a minute from the marker's time to the end."""
ENOUGH = timedelta(seconds=20)
"""The time that a page of messages takes at most, with the markers of its readings."""


def clear(tenant: str, wanted: Clearing, marked_at: datetime, time_left: TimeLeft) -> bool:
    """Do what is wanted with messages in quarantine, oldest first, as long as there is time.

    Returns False if it must be done once more, because messages may still have come to quarantine after they were
    passed. What one run leaves is marked before it returns True. Costs one query if there are none.
    """
    began = wanted.began or clock.now()
    for listed in quarantine.oldest_first(tenant, wanted):
        _do(tenant, wanted, listed)
        if time_left() < ENOUGH:
            _mark(tenant, replace(wanted, after=listed.place, began=began), marked_at)
            return True
    if began >= marked_at + SETTLED:
        return True
    if wanted.after:
        _mark(tenant, replace(wanted, after="", began=None), marked_at)
    return bool(wanted.after)


@dataclass(frozen=True)
class Judged:
    """A message as it was in quarantine, and opened again."""

    before: Quarantined
    source: Opened

    @property
    def after(self) -> Quarantined | None:
        """The message with its reasons of now; None if nothing is wrong with it any more."""
        return self.source.aside() if self.source.problems else None


def judge(messages: Iterable[Quarantined]) -> list[Judged]:
    """Judge what was wrong with messages again. One that was cut is left out. Stores nothing."""
    known_machines.forget()  # what was put right a moment ago counts
    texts = ((each, body(each)) for each in messages)
    whole = {Arrived(text, each.sent_at, wrong_places(each)): each for each, text in texts if text is not None}
    return [Judged(whole[source.arrived], source) for source in open_all(whole)]


def take_in(tenant: str | None, messages: Iterable[Quarantined]) -> list[Judged]:
    """Judge what was wrong with messages again, and take in what can be used. Returns what came of each.

    What stays gets its reasons of now. One that was cut stays as it is, and is not returned. Raises StorageUnavailable.
    """
    judged = judge(messages)
    store([each.source for each in judged])
    for each in judged:
        with suppress(ConditionFailed):  # it changed meanwhile
            _settle(tenant, each)
    return judged


def _settle(tenant: str | None, judged: Judged) -> None:
    """Delete a message that was taken in, or keep it with its new reasons. Raises ConditionFailed."""
    before, after = judged.before, judged.after
    if after and judged.source.tenant == tenant:
        if after.reasons != before.reasons:
            quarantine.replace(tenant, before, after)
        return
    if after:  # its tenant is known only now
        set_aside_all([judged.source])
    quarantine.delete(tenant, before)


def _do(tenant: str, wanted: Clearing, listed: Listed) -> None:
    chosen = [each for each in listed.messages if wanted.code is None or wanted.code in codes(each)]
    if wanted.fate is Fate.TAKE_IN:
        take_in(tenant, chosen)
    elif wanted.fate is Fate.DELETE:
        quarantine.delete_all(tenant, chosen)
    else:
        for each in listed.outdated:
            with suppress(ConditionFailed):
                quarantine.replace(tenant, each, each)


def _mark(tenant: str, left: Clearing, marked_at: datetime) -> None:
    markers.write(replace(waiting.marker(tenant, left), at=marked_at))
