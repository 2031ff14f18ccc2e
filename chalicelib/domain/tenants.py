"""Tenants: one company each, with its own settings."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.errors import Conflict, FieldError, NotFound, Unauthenticated
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings

DEFAULT_TENANT = "default"
PROBE = "probe"
"""The company that tries whether Takip works. It is no plant, and nothing that it writes is kept for long."""
PROBE_KEPT = timedelta(days=3)
# Lower case only, so that no two ids differ by case alone.
TENANT_ID = r"[a-z0-9][a-z0-9_-]{0,63}"


@dataclass(frozen=True)
class Tenant:
    """One company. `created_at` is None for the default tenant, which always exists.

    `revision` counts how often it was written. Once it is closed, nobody signs in and nothing is taken in.
    """

    id: str
    created_at: datetime | None
    settings: TenantSettings
    revision: int = field(default=0, compare=False)
    closed_at: datetime | None = None


class TenantNotFound(NotFound):
    """There is no such tenant."""

    code = "ERR_TENANT_NOT_FOUND"
    title = "No such tenant"


class TenantTaken(Conflict):
    """Another tenant already has this id."""

    code = "ERR_TENANT_TAKEN"
    title = "This id is taken by another tenant"


class DefaultTenantStays(Conflict):
    """The default tenant always exists, so it can neither be closed nor deleted."""

    code = "ERR_TENANT_DEFAULT"
    title = "The default tenant always stays"


class TenantClosed(Unauthenticated):
    """The company left, so its tenant is closed: nobody signs in, no key is taken, and nothing is written."""

    code = "ERR_TENANT_CLOSED"
    title = "This company's Takip is closed"


class TimezoneFixed(Conflict):
    """The time zone is fixed by the first work order, because local days are counted in it."""

    code = "ERR_TENANT_TIMEZONE_FIXED"
    title = "The time zone cannot be changed any more"


def unnamable(tenant_id: str) -> list[FieldError]:
    """The field errors of an id for a new tenant."""
    if re.fullmatch(TENANT_ID, tenant_id):
        return []
    form = "must be {least} to {most} characters of a-z, 0-9, _ and -, beginning with a letter or a digit"
    message = say(form, least=1, most=64)
    return [FieldError("id", message, "pattern")]
