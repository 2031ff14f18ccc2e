"""What a plant starts with."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.tenants import DEFAULT_SETTINGS


def test_a_plant_starts_in_istanbul_without_tolerance_and_without_grace() -> None:
    assert ZoneInfo(DEFAULT_SETTINGS.timezone).key == "Europe/Istanbul"
    assert DEFAULT_SETTINGS.tolerance == 0
    assert DEFAULT_SETTINGS.grace == timedelta(0)


def test_the_reasons_that_are_given_for_nothing_else_are_on_their_lists() -> None:
    assert "other" in DEFAULT_SETTINGS.pause_reasons
    assert "other" in DEFAULT_SETTINGS.scrap_reasons
