"""Births: what edge nodes say of the metrics of a machine, and from when on.

A payload is read with the newest birth that is not later than itself. So all births of a machine must be known: each is
kept. Most repeat the one before. `Births` holds what counts of all of them, in one small item.
"""

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from chalicelib.domain.digests import digest
from chalicelib.domain.instants import CLOCK_GRACE, exact
from chalicelib.domain.machines.edge_nodes import Known
from chalicelib.domain.machines.readings import hour_of, moment
from chalicelib.domain.machines.rollups import HOUR
from chalicelib.domain.machines.sparkplug import Metric

MOST_RUNS = 500
"""An edge node that gives its metrics other aliases every day is still known for more than a year."""
MOST_HOURS = 400 * 24
"""As long as names are kept. A clock that begins in 1970 must not lead to the hours of half a century."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names, aliases and types that a birth gives its metrics, compressed, and a digest of them."""

    digest: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth: its machine, when it was sent (milliseconds since 1970), and the digest of its names."""

    machine_id: str
    at: int
    names: str


@dataclass(frozen=True, slots=True)
class Run:
    """Births in a row that say the same: when the first and the last of them were sent, and the digest of the names."""

    first: int
    last: int
    names: str


@dataclass(frozen=True, slots=True)
class ReadWith:
    """How payloads were read: with which names (their digest), and when the first and the last of them were sent.

    If the names no longer are those that counted then, because a birth came late, `messages` are read again. They are
    compressed; empty once that was done.
    """

    names: str
    first: int
    last: int
    messages: bytes = b""


@dataclass(frozen=True, slots=True)
class Births:
    """The births of a machine, in the order in which they were sent."""

    machine_id: str
    runs: tuple[Run, ...] = ()
    revision: int = 0

    def run_at(self, at: int) -> Run | None:
        """The run whose names count at an instant; None if no birth was sent before."""
        place = self._after(at)
        return self.runs[place - 1] if place else None

    def count(self, how: ReadWith) -> bool:
        """Whether the names with which payloads were read are those that count for all of them.

        Payloads from before the oldest run that is kept stay as they were read.
        """
        run = self.run_at(how.first)
        return run is None or (run.names == how.names and run == self.run_at(how.last))

    def hours_after(self, at: int, now: datetime) -> list[datetime]:
        """The hours in which payloads were sent that a birth of this instant says how to read, unlike one before it.

        No hours if the birth before it says the same, or there is none: then nobody has read them otherwise.
        """
        place = self._after(at)
        if place <= 1 or self.runs[place - 1].first < at:
            return []
        end = sent(self.runs[place].first) if place < len(self.runs) else now + CLOCK_GRACE
        first = hour_of(sent(at))
        hours = min((hour_of(end) - first) // HOUR + 1, MOST_HOURS)
        return [first + n * HOUR for n in range(hours)]

    def parted(self, births: Iterable[Birth]) -> list[Run]:
        """The runs that a birth falls into and says something else. All births of such a run must be read again.

        It falls into a run if it counts after its first birth and before its last, also at the same instant.
        """
        said = [(birth.at, birth.names) for birth in births]
        return [
            run
            for run in self.runs
            if any((run.first, run.names) < each < (run.last, run.names) and each[1] != run.names for each in said)
        ]

    def with_births(self, births: Iterable[Birth]) -> "Births":
        """The births of the machine with these. The same if they say nothing new.

        Of two births of one instant, that with the larger digest counts, so the order in which they come does not.
        """
        said = {(each.at, each.names) for each in births}
        said |= {(at, run.names) for run in self.runs for at in (run.first, run.last)}
        runs = tuple(_run(list(group)) for _, group in groupby(sorted(said), key=lambda each: each[1]))[-MOST_RUNS:]
        return self if runs == self.runs else replace(self, runs=runs, revision=self.revision + 1)

    def reads_as(self, other: "Births") -> bool:
        """Whether every payload is read with the same names as by the other ones."""
        return [(run.first, run.names) for run in self.runs] == [(run.first, run.names) for run in other.runs]

    def _after(self, at: int) -> int:
        """The place of the first run that begins after an instant."""
        return bisect_right(self.runs, at, key=lambda run: run.first)


def sent(at: int) -> datetime:
    """When something was sent, of milliseconds since 1970."""
    return moment(at * 1_000)


def names_of(metrics: Iterable[Metric]) -> Names:
    """What a birth says of its metrics: the same for the same metrics in any order."""
    said = {(metric.name, metric.alias, metric.datatype) for metric in metrics if metric.name is not None}
    in_order = sorted(said, key=lambda each: (each[0], -1 if each[1] is None else each[1], each[2]))
    content = json.dumps(in_order, separators=(",", ":")).encode()
    return Names(digest(content), zlib.compress(content))


def known(names: Names) -> Known:
    """The names in the form in which metrics are looked up."""
    said = json.loads(zlib.decompress(names.content))
    return Known(
        by_alias={alias: (name, datatype) for name, alias, datatype in said if alias is not None},
        by_name={name: datatype for name, _, datatype in said},
    )


def read_with(names: str, messages: Sequence[tuple[int, str, datetime]]) -> ReadWith:
    """How messages were read, each given by when the edge node sent it, its body, and when it came into the queue."""
    instants = [at for at, _, _ in messages]
    held = json.dumps([(body, exact(came)) for _, body, came in messages], separators=(",", ":"))
    return ReadWith(names, min(instants), max(instants), zlib.compress(held.encode()))


def _run(said: list[tuple[int, str]]) -> Run:
    return Run(said[0][0], said[-1][0], said[0][1])
