"""The first screen of a person: what it shows of their plant, their work and what waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.session_records import OpenSession
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import User
from chalicelib.domain.telling.notifications import Unread
from chalicelib.domain.tenant_settings import TenantSettings

Work = Sequence[tuple[Order, Stage]]
"""Stages beside the heads of their orders."""


@dataclass(frozen=True)
class Home:
    """What the first screen of a person shows.

    `work` are their stages that go on, `at_work` their own open sessions there.
    `machines` and `people` are those that the work names, by id. `issues` are the most urgent that wait for them. With
    `more_work` and `more_issues` there are more than are shown.
    """

    me: User
    settings: TenantSettings
    work: Work
    more_work: bool
    at_work: Sequence[tuple[Stage, OpenSession]]
    machines: Mapping[str, Machine]
    people: Mapping[str, User]
    issues: Sequence[Issue]
    more_issues: bool
    unread: Unread
