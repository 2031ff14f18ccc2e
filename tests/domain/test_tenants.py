"""The default settings of a plant, and their limits."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor.sessions import OverAllowedQuantity
from chalicelib.domain.floor.stages import Pause, Report
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, IssueCause, TenantSettings, problems
from chalicelib.domain.tenants import DEFAULT_TENANT, unnamable
from tests.domain.builders import VELI, an_order, give, in_progress


def codes(**settings: Any) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in problems(TenantSettings(**settings))]


def test_a_plant_starts_in_istanbul_without_tolerance_and_without_grace() -> None:
    assert ZoneInfo(DEFAULT_SETTINGS.timezone).key == "Europe/Istanbul"
    assert DEFAULT_SETTINGS.tolerance == 0
    assert DEFAULT_SETTINGS.grace == timedelta(0)
    assert DEFAULT_SETTINGS.late_window == timedelta(days=1)
    assert DEFAULT_SETTINGS.alarm_window == timedelta(minutes=2)
    assert DEFAULT_SETTINGS.rollups_within == timedelta(minutes=5)
    assert DEFAULT_SETTINGS.forgotten_after == timedelta(hours=12)
    assert DEFAULT_SETTINGS.terminal_session == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("version", "wrong"), [(None, []), ("1.4.0", []), ("1", []), ("new", ["pattern"]), ("", ["pattern"])]
)
def test_the_minimum_version_of_apps_is_a_version(version: str | None, wrong: list[str]) -> None:
    assert codes(minimum_app_version=version) == [("minimum_app_version", code) for code in wrong]


def test_nobody_lets_himself_in_and_no_reading_is_too_old_until_the_plant_says_so() -> None:
    assert not DEFAULT_SETTINGS.self_registration
    assert DEFAULT_SETTINGS.readings_kept is None


def test_the_reasons_that_are_given_for_nothing_else_are_on_their_lists() -> None:
    assert "other" in DEFAULT_SETTINGS.pause_reasons
    assert "other" in DEFAULT_SETTINGS.scrap_reasons


def test_nothing_is_wrong_with_what_a_plant_starts_with() -> None:
    assert problems(DEFAULT_SETTINGS) == []
    assert unnamable(DEFAULT_TENANT) == []


@pytest.mark.parametrize("tenant_id", ["a", "0", "north-plant_2", "a" * 64])
def test_an_id_is_lower_case(tenant_id: str) -> None:
    assert unnamable(tenant_id) == []


@pytest.mark.parametrize(
    "tenant_id", ["", "a" * 65, "A", "-a", "_a", "a#b", "a.b", "a b", "a\n", "ä", "a\x00", "T#default", "٣"]
)
def test_an_id_that_two_could_confuse_or_a_key_could_trip_over_is_refused(tenant_id: str) -> None:
    assert [(error.field, error.code) for error in unnamable(tenant_id)] == [("id", "pattern")]


@pytest.mark.parametrize("zone", ["", "Istanbul", "europe/istanbul", "../etc/passwd", "UTC+3", "\x00"])
def test_a_time_zone_has_to_be_on_the_map(zone: str) -> None:
    assert codes(timezone=zone) == [("timezone", "unknown")]
    assert codes(timezone="America/New_York") == []


@pytest.mark.parametrize("share", ["-0.0001", "1.0001", "0.00001", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_tolerance_is_a_share(share: str) -> None:
    assert codes(tolerance=Decimal(share)) == [("tolerance", "out_of_range")]


@pytest.mark.parametrize("share", ["0", "0.0525", "1", "1.0000"])
def test_a_tolerance_may_be_none_or_all(share: str) -> None:
    assert codes(tolerance=Decimal(share)) == []


MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        ("grace", timedelta(0), timedelta(days=31)),
        ("rollups_within", timedelta(minutes=1), timedelta(hours=1)),
        ("stop_reason_after", timedelta(minutes=1), timedelta(days=1)),
        ("max_carry", timedelta(hours=1), timedelta(days=7)),
        ("late_window", timedelta(0), timedelta(days=31)),
        ("alarm_window", timedelta(0), timedelta(hours=1)),
        ("forgotten_after", timedelta(minutes=1), timedelta(days=366)),
        ("terminal_session", timedelta(minutes=1), timedelta(hours=12)),
        ("readings_kept", timedelta(hours=1), timedelta(days=3650)),
    ],
)
def test_spans_have_bounds(field: str, least: timedelta, most: timedelta) -> None:
    assert codes(**{field: least}) == codes(**{field: most}) == []
    assert codes(**{field: least - MICROSECOND}) == codes(**{field: most + MICROSECOND}) == [(field, "out_of_range")]


@pytest.mark.parametrize("field", ["pause_reasons", "scrap_reasons", "stop_reasons"])
@pytest.mark.parametrize(
    ("reasons", "code"),
    [
        (("other", "Öğle"), "pattern"),
        (("other", ""), "pattern"),
        (("other", "a" * 41), "pattern"),
        (("other", "a", "a"), "duplicate"),
        ((*(f"r{n}" for n in range(50)), "other"), "too_many"),
        (("break",), "required"),
        ((), "required"),
    ],
)
def test_reasons_are_codes_each_once_with_one_for_all_the_rest(field: str, reasons: tuple[str, ...], code: str) -> None:
    assert codes(**{field: reasons}) == [(field, code)]
    assert codes(**{field: ("other", "a" * 40)}) == []
    assert codes(**{field: (*(f"r{n}" for n in range(49)), "other")}) == []


def test_causes_of_issues_are_codes_with_labels_in_both_languages() -> None:
    rest = IssueCause("other", "Diğer", "Other")
    assert codes(issue_causes=(rest, IssueCause("wear", "ş" * 60, "w" * 60))) == []
    assert codes(issue_causes=(rest, rest)) == [("issue_causes", "duplicate")]
    assert codes(issue_causes=(IssueCause("wear", "Aşınma", "Wear"),)) == [("issue_causes", "required")]
    for tr, en in (("", "Wear"), ("Aşınma", ""), ("ş" * 61, "Wear"), ("Aşınma", "w" * 61)):
        assert codes(issue_causes=(rest, IssueCause("wear", tr, en))) == [("issue_causes", "label")]


def test_everything_wrong_is_named_at_once() -> None:
    wrong = codes(timezone="x", tolerance=Decimal(2), grace=timedelta(-1), pause_reasons=("A",), scrap_reasons=())
    assert wrong == [
        ("timezone", "unknown"),
        ("tolerance", "out_of_range"),
        ("grace", "out_of_range"),
        ("pause_reasons", "pattern"),
        ("pause_reasons", "required"),
        ("scrap_reasons", "required"),
    ]


@pytest.mark.parametrize("command", ["report", "done"])
def test_the_plant_decides_how_much_more_than_ordered_may_be_made(command: str) -> None:
    generous, order = TenantSettings(tolerance=Decimal("0.2")), an_order(in_progress())
    made = give(order, VELI, command, Report(good=Decimal(12)), settings=generous).order.stages[0]
    assert made.good == 12
    with pytest.raises(OverAllowedQuantity):
        give(order, VELI, command, Report(good=Decimal(12)))


def test_reasons_are_those_of_the_plant_and_a_wrong_one_is_told_which_there_are() -> None:
    own = TenantSettings(pause_reasons=("prayer", "other"), scrap_reasons=("burr", "other"))
    order = an_order(in_progress())
    ended = give(order, VELI, "pause", Pause(pause_reason="prayer"), settings=own).sessions
    assert [session.pause_reason for session in ended] == ["prayer"]
    reported = give(order, VELI, "report", Report(scrap=Decimal(1), scrap_reason="burr"), settings=own).reports
    assert [report.made.scrap for report in reported] == [{"burr": Decimal(1)}]
    with pytest.raises(InvalidFields) as refused:
        give(order, VELI, "pause", Pause(pause_reason="break"), settings=own)
    assert [(each.field, each.message) for each in refused.value.errors] == [
        ("pause_reason", "must be one of prayer, other")
    ]
    with pytest.raises(InvalidFields) as refused:
        give(order, VELI, "done", Report(scrap=Decimal(1), scrap_reason="surface"), settings=own)
    assert [(each.field, each.message) for each in refused.value.errors] == [
        ("scrap_reason", "must be one of burr, other")
    ]
