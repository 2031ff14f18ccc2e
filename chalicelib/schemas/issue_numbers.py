"""The shapes of the numbers of issues."""

from chalicelib.domain.numbers.issue_metrics import IssueGroup, IssueNumbers
from chalicelib.domain.orders.issues import IssueType
from chalicelib.schemas.base import Out
from chalicelib.schemas.metrics import IssueSumsOut, MeasuredOut, MetricOut, around, metrics_out


class IssueCountsOut(IssueSumsOut):
    """How many issues: of the window, repeated ones among those that were reported, and those open now."""

    repeated: int
    open: int


class IssuesOfTypeOut(Out):
    """The issues of a type."""

    type: IssueType
    issues: IssueCountsOut
    metrics: dict[str, MetricOut]


class IssuesOfMachineOut(Out):
    """The issues of a machine, and of the stages that are planned on it."""

    machine_id: str
    issues: IssueCountsOut
    metrics: dict[str, MetricOut]


class IssueNumbersOut(MeasuredOut):
    """The numbers of the issues of a window: all, by type, and by machine, most reported first.

    With `more` there are more machines than are listed.
    """

    issues: IssueCountsOut
    by_type: list[IssuesOfTypeOut]
    by_machine: list[IssuesOfMachineOut]
    more: bool


def issue_numbers_out(numbers: IssueNumbers) -> IssueNumbersOut:
    """Show the numbers of the issues of a window."""
    return IssueNumbersOut(
        issues=_counts(numbers.total),
        by_type=[
            IssuesOfTypeOut(type=each, issues=_counts(group), metrics=metrics_out(group.metrics))
            for each, group in numbers.by_type.items()
        ],
        by_machine=[
            IssuesOfMachineOut(machine_id=each, issues=_counts(group), metrics=metrics_out(group.metrics))
            for each, group in numbers.by_machine.items()
        ],
        more=numbers.more,
        **around(numbers.measured),
    )


def _counts(group: IssueGroup) -> IssueCountsOut:
    sums = group.sums
    return IssueCountsOut(
        reported=sums.reported,
        acknowledged=sums.acknowledged,
        resolved=sums.resolved,
        repeated=group.repeated,
        open=group.open,
    )
