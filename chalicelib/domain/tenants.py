"""Tenants: one company's settings, with the defaults that a plant starts with."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

DEFAULT_TENANT = "default"


@dataclass(frozen=True)
class TenantSettings:
    """What a plant may decide for itself; the defaults are in force until it does.

    `timezone` (IANA) cuts the days; `tolerance` is the share of overproduction that needs nobody's word;
    `grace` is how late is not yet late; `readings_kept` is how old a reading may be (None: any age).
    """

    timezone: str = "Europe/Istanbul"
    tolerance: Decimal = Decimal(0)
    grace: timedelta = timedelta(0)
    readings_kept: timedelta | None = None
    pause_reasons: tuple[str, ...] = ("break", "shift_end", "material", "machine", "quality", "other")
    scrap_reasons: tuple[str, ...] = ("dimension", "surface", "material", "setup", "other")


DEFAULT_SETTINGS = TenantSettings()
