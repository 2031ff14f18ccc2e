"""Numbers of issues of a window: how fast they were answered, how many repeat, and how old the open ones are."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.numbers.issue_days import IssueOfDay
from chalicelib.domain.numbers.metrics import Measured, Metric, lasting, ratio
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType

MOST_MACHINES = 100


@dataclass(frozen=True)
class OpenAge:
    """An issue that is not resolved, and its age in milliseconds."""

    type: IssueType
    machine_id: str | None
    age: int


@dataclass(frozen=True)
class IssueSums:
    """How many issues were reported, acknowledged and resolved."""

    reported: int = 0
    acknowledged: int = 0
    resolved: int = 0


@dataclass(frozen=True)
class IssueGroup:
    """The numbers of some issues: sums, how many repeat an earlier one, how many are open now, and metrics."""

    sums: IssueSums
    repeated: int
    open: int
    metrics: Mapping[str, Metric]


@dataclass(frozen=True)
class IssueNumbers:
    """The numbers of the issues of a window: all, by type, and by machine, most reported first.

    With `more` there are more machines than are listed.
    """

    total: IssueGroup
    by_type: Mapping[IssueType, IssueGroup]
    by_machine: Mapping[str, IssueGroup]
    more: bool
    measured: Measured


def ages(issues: Iterable[Issue], now: datetime) -> list[OpenAge]:
    """The ages of the issues that are not resolved, since their creation."""
    return [
        OpenAge(each.type, each.machine_id, milliseconds(now - each.created_at))
        for each in issues
        if each.status is not IssueStatus.RESOLVED
    ]


def sums_of(issues: Iterable[IssueOfDay]) -> IssueSums:
    """How many issues were reported, acknowledged and resolved."""
    listed = list(issues)
    return IssueSums(
        reported=sum(each.reported for each in listed),
        acknowledged=sum(each.acknowledged is not None for each in listed),
        resolved=sum(each.resolved is not None for each in listed),
    )


def answer_times(issues: Iterable[IssueOfDay]) -> dict[str, Metric]:
    """Median and 90th percentile of the times to acknowledge (`mtta`) and to resolve (`mttr`)."""
    listed = list(issues)
    acknowledged = [each.acknowledged for each in listed if each.acknowledged is not None]
    resolved = [each.resolved for each in listed if each.resolved is not None]
    return _spread("mtta", acknowledged) | _spread("mttr", resolved)


def of_group(issues: Iterable[IssueOfDay], open_ages: Iterable[OpenAge]) -> IssueGroup:
    """The numbers of a window: of what became of issues in it, and of those that are open now.

    An issue repeats an earlier one if one of the same type was reported on the same machine in the window before it.
    Issues without a machine repeat nothing and are not counted in the rate.
    """
    listed, old = list(issues), [each.age for each in open_ages]
    places = Counter((each.type, each.machine_id) for each in listed if each.reported and each.machine_id is not None)
    repeated = places.total() - len(places)
    rate = ratio("repeat_rate", repeated, places.total(), empty="no_data")
    metrics = answer_times(listed) | {"repeat_rate": rate} | _spread("open_age", old)
    return IssueGroup(sums_of(listed), repeated, len(old), metrics)


def by_type(issues: Iterable[IssueOfDay], open_ages: Iterable[OpenAge]) -> dict[IssueType, IssueGroup]:
    """The numbers of each type of issue."""
    return {IssueType(name): group for name, group in _grouped(issues, open_ages, lambda each: each.type).items()}


def by_machine(issues: Iterable[IssueOfDay], open_ages: Iterable[OpenAge]) -> dict[str, IssueGroup]:
    """The numbers of each machine, most reported first. Issues without a machine are left out."""
    groups = _grouped(issues, open_ages, lambda each: each.machine_id)
    return dict(sorted(groups.items(), key=lambda each: (-each[1].sums.reported, -each[1].open, each[0])))


def _grouped(
    issues: Iterable[IssueOfDay], open_ages: Iterable[OpenAge], name_of: Callable[[IssueOfDay | OpenAge], str | None]
) -> dict[str, IssueGroup]:
    """The numbers of each group, by its name. What has no name is in none."""
    listed: dict[str, list[IssueOfDay]] = {}
    old: dict[str, list[OpenAge]] = {}
    for issue in issues:
        listed.setdefault(name_of(issue) or "", []).append(issue)
    for age in open_ages:
        old.setdefault(name_of(age) or "", []).append(age)
    names = dict.fromkeys([*listed, *old])
    return {name: of_group(listed.get(name, ()), old.get(name, ())) for name in names if name}


def _spread(name: str, times: Sequence[int]) -> dict[str, Metric]:
    """The median and the 90th percentile of times in milliseconds."""
    return {
        name: lasting(name, _median(times), "no_data"),
        f"{name}_p90": lasting(f"{name}_p90", _p90(times), "no_data"),
    }


def _median(times: Sequence[int]) -> Fraction | None:
    """The middle one; of an even number the mean of the two in the middle."""
    ordered, middle = sorted(times), len(times) // 2
    if not ordered:
        return None
    return Fraction(ordered[middle] + ordered[-middle - 1], 2)


def _p90(times: Sequence[int]) -> Fraction | None:
    """The smallest one that is not exceeded by nine tenths of all (nearest rank)."""
    rank = -(-9 * len(times) // 10)
    return Fraction(sorted(times)[rank - 1]) if times else None
