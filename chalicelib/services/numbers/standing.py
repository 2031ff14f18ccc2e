"""How much work stands open in all plants together, for the dashboard of whoever runs Takip."""

from dataclasses import dataclass

from chalicelib.domain.tenants import PROBE
from chalicelib.services import tenants
from chalicelib.storage.machines import machine_issues
from chalicelib.storage.numbers import remaining
from chalicelib.storage.orders import stages


@dataclass(frozen=True)
class Standing:
    """Orders that have not ended, those of them that are late, unresolved issues, and people at work."""

    orders: int = 0
    late: int = 0
    issues: int = 0
    people: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        """The sum of two plants."""
        return Standing(
            self.orders + other.orders,
            self.late + other.late,
            self.issues + other.issues,
            self.people + other.people,
        )


def of_all() -> Standing:
    """Add up all plants; the probe is none. Costs one query, and three requests for each. Raises StorageUnavailable."""
    return sum((_of_plant(tenant.id) for tenant in tenants.every() if tenant.id != PROBE), Standing())


def _of_plant(tenant: str) -> Standing:
    counted = remaining.of_plant(tenant)
    at_work = {each.worker_id for stage in stages.at_work(tenant) for each in stage.open_sessions}
    of_machines = len(machine_issues.unresolved(tenant))
    if counted is None:
        return Standing(issues=of_machines, people=len(at_work))
    counts = counted.counts
    of_stages = sum(counts.issues.by_priority.values())
    return Standing(counts.orders, counts.late_orders, of_stages + of_machines, len(at_work))
