"""Presence: who is answering an issue right now, said again and again by those who do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

STAYS = timedelta(seconds=45)
"""How long somebody is taken to be there after they said so. Pages say so every 20 seconds."""

MOST_ANSWERING = 10
LONGEST_NAME = 100


@dataclass(frozen=True)
class Answering:
    """Somebody who is answering an issue, until an instant unless they say so again."""

    id: str
    name: str
    until: datetime


@dataclass(frozen=True)
class Presence:
    """Who is answering an issue, at most 10 people. `revision` counts how often it was written.

    `unheard`: the last write changed who is there, and no event tells of it.
    """

    issue_id: str
    people: tuple[Answering, ...] = ()
    unheard: bool = False
    revision: int = field(default=0, compare=False)

    def at(self, now: datetime) -> Sequence[Answering]:
        """Those who are there at an instant."""
        return [each for each in self.people if each.until > now]

    def others(self, user_id: str, now: datetime) -> Sequence[Answering]:
        """Those who are there beside somebody."""
        return [each for each in self.at(now) if each.id != user_id]

    def with_one(self, user_id: str, name: str, now: datetime) -> "Presence":
        """With somebody who says that they are there. Of too many, those who spoke last stay."""
        own = Answering(user_id, name[:LONGEST_NAME], now + STAYS)
        return self._with((*self.others(user_id, now), own)[-MOST_ANSWERING:], now)

    def without(self, user_id: str, now: datetime) -> "Presence":
        """Without somebody."""
        return self._with(self.others(user_id, now), now)

    @property
    def expires_at(self) -> datetime | None:
        """When the last of them is gone; None if nobody is there."""
        return max((each.until for each in self.people), default=None)

    def _with(self, people: Sequence[Answering], now: datetime) -> "Presence":
        was, there = ({each.id for each in known} for known in (self.at(now), people))
        return replace(self, people=tuple(people), unheard=was != there, revision=self.revision + 1)
