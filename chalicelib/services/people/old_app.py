"""The app of the old system: whether a plant lets it in, and who still uses it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import local_day
from chalicelib.domain.people.app_versions import OldAppOff, OldAppUse
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.remembered import cached
from chalicelib.services import tenants
from chalicelib.storage.people import old_app


def refuse_off(tenant: str) -> None:
    """Refuse the old app where the plant does not let it in. Raises OldAppOff."""
    if not tenants.settings_of(tenant).old_app:
        raise OldAppOff(say("Install the new Takip app and sign in there, with the same name and password."))


def noted(actor: Actor) -> None:
    """Note that a person used the old app today. Costs one write a day for each warm function."""
    _note(actor.tenant, actor.user_id, local_day(clock.now(), tenants.settings_of(actor.tenant).timezone))


def people_by_day(tenant_id: str, days: int) -> Mapping[date, int]:
    """How many people used the old app on each of the last so many local days, the newest first; also where nobody did.

    Uses are kept for 60 days. Raises TenantNotFound.
    """
    today = local_day(clock.now(), tenants.require(tenant_id).settings.timezone)
    wanted = [today - timedelta(days=n) for n in range(days)]
    people = Counter(use.day for use in old_app.since(tenant_id, wanted[-1]))
    return {day: people[day] for day in wanted}


@cached
def _note(tenant: str, user_id: str, day: date) -> None:
    old_app.put(tenant, OldAppUse(user_id, day), clock.now())
