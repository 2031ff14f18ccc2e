"""Settings of a tenant: what a plant can change, with the defaults and the bounds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import available_timezones

from chalicelib.domain.errors import FieldError
from chalicelib.domain.escalation import QuietHours, Step, wrong_hours, wrong_steps
from chalicelib.domain.people.app_versions import order_of
from chalicelib.domain.sentences import say

OTHER = "other"
MOST_REASONS = 50
LONGEST_LABEL = 60
TOLERANCE_PLACES = 4

_REASON = re.compile(r"[a-z0-9_]{1,40}")
_REASONS = ("pause_reasons", "scrap_reasons", "stop_reasons")
_SPANS = {
    "grace": (timedelta(0), timedelta(days=31), "0 and 31 days"),
    "late_window": (timedelta(0), timedelta(days=31), "0 and 31 days"),
    "alarm_window": (timedelta(0), timedelta(hours=1), "0 and an hour"),
    "forgotten_after": (timedelta(minutes=1), timedelta(days=366), "a minute and 366 days"),
    "rollups_within": (timedelta(minutes=1), timedelta(hours=1), "a minute and an hour"),
    "stop_reason_after": (timedelta(minutes=1), timedelta(days=1), "a minute and a day"),
    "max_carry": (timedelta(hours=1), timedelta(days=7), "an hour and 7 days"),
    "terminal_session": (timedelta(minutes=1), timedelta(hours=12), "a minute and 12 hours"),
    "readings_kept": (timedelta(hours=1), timedelta(days=3650), "an hour and 3650 days"),
}


class CountedPieces(StrEnum):
    """What the count of machines is for: it is shown beside what people report, proposed to them too, or booked."""

    SHOWN = "shown"
    PROPOSED = "proposed"
    BOOKED = "booked"


class WithoutStates(StrEnum):
    """What the machine time of a machine is that tells no states: not known, or that of the sessions that name it."""

    UNKNOWN = "unknown"
    SESSIONS = "sessions"


@dataclass(frozen=True)
class IssueCause:
    """A cause of issues: its code, and its label in Turkish and in English."""

    code: str
    tr: str
    en: str

    def __str__(self) -> str:
        """The cause as it is written on the command line."""
        return f"{self.code}={self.tr}/{self.en}"


@dataclass(frozen=True)
class TenantSettings:
    """The settings that a plant can change, with their defaults.

    `timezone` (IANA) defines the local days.

    `tolerance` is the share of overproduction that needs no reason from a planner.

    `grace`: a stage counts as late only beyond this delay.

    `readings_kept` is the highest age of an accepted reading, and how long it is kept after its hour (None: for ever).

    `rollups_within`: a reading changes the numbers of its hour within this time.

    `max_carry`: the last state or count of a machine holds for this time at most, if no newer one comes.

    `stop_reason_after`: a stop of a machine that is as long as this, or longer, asks for a reason. `counted_pieces`:
    whether what machines counted for a stage is only shown, proposed as its `good` too, or booked as its `good` if
    people finish it without one.

    `without_states`: what the time of a machine is that tells no states.

    `late_window` is how long after its end an hour or a day still accepts late data.

    `alarm_window` is how long a value waits for late readings before it may be an alarm.

    `forgotten_after`: a session open for longer is shown as forgotten.

    `terminal_session` is how long somebody stays signed in at a shared terminal.

    With `self_registration` people may register themselves; an admin then activates them.

    `issue_causes` are the causes from which an issue takes its `cause_code`.

    `escalation` are the steps by which others are told of issues that wait; without steps nobody is. In `quiet_hours`
    nobody is told, except of critical issues.

    An app that says that it is older than `minimum_app_version` is refused. With `old_app` the mobile app of the old
    system may be used.
    """

    timezone: str = "Europe/Istanbul"
    tolerance: Decimal = Decimal(0)
    grace: timedelta = timedelta(0)
    readings_kept: timedelta | None = None
    rollups_within: timedelta = timedelta(minutes=5)
    max_carry: timedelta = timedelta(hours=24)
    stop_reason_after: timedelta = timedelta(minutes=5)
    counted_pieces: CountedPieces = CountedPieces.SHOWN
    without_states: WithoutStates = WithoutStates.UNKNOWN
    late_window: timedelta = timedelta(hours=24)
    alarm_window: timedelta = timedelta(minutes=2)
    forgotten_after: timedelta = timedelta(hours=12)
    terminal_session: timedelta = timedelta(minutes=15)
    self_registration: bool = False
    pause_reasons: tuple[str, ...] = ("break", "shift_end", "material", "machine", "quality", OTHER)
    scrap_reasons: tuple[str, ...] = ("dimension", "surface", "material", "setup", OTHER)
    stop_reasons: tuple[str, ...] = ("breakdown", "material", "setup", "quality", "operator", "break", OTHER)
    issue_causes: tuple[IssueCause, ...] = (
        IssueCause("wear", "Aşınma", "Wear"),
        IssueCause("setting", "Yanlış ayar", "Wrong setting"),
        IssueCause("material", "Malzeme", "Material"),
        IssueCause("operation", "Kullanım hatası", "Operating error"),
        IssueCause("supply", "Tedarik", "Supply"),
        IssueCause("design", "Tasarım", "Design"),
        IssueCause(OTHER, "Diğer", "Other"),
    )
    escalation: tuple[Step, ...] = ()
    quiet_hours: QuietHours | None = None
    minimum_app_version: str | None = None
    old_app: bool = False

    @property
    def cause_codes(self) -> list[str]:
        """The codes of the causes of issues."""
        return [cause.code for cause in self.issue_causes]


DEFAULT_SETTINGS = TenantSettings()


@dataclass(frozen=True)
class SettingChange:
    """A changed setting, with both values as text."""

    name: str
    before: str
    after: str


def changes(before: TenantSettings, after: TenantSettings) -> list[SettingChange]:
    """The settings that differ, by name."""
    values = (
        (setting.name, getattr(before, setting.name), getattr(after, setting.name))
        for setting in fields(TenantSettings)
    )
    return [SettingChange(name, _text(old), _text(new)) for name, old, new in values if old != new]


def _text(value: object) -> str:
    """The value of a setting as text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def problems(settings: TenantSettings) -> list[FieldError]:
    """The field errors of a plant's settings."""
    return [
        *_unknown_zone(settings.timezone),
        *_excessive(settings.tolerance),
        *_out_of_bounds(settings),
        *(error for name in _REASONS for error in _unusable(name, getattr(settings, name))),
        *_unusable("issue_causes", settings.cause_codes),
        *_unlabelled(settings.issue_causes),
        *wrong_steps("escalation", settings.escalation),
        *wrong_hours("quiet_hours", settings.quiet_hours),
        *_no_version(settings.minimum_app_version),
    ]


def _no_version(version: str | None) -> Iterator[FieldError]:
    if version is not None and order_of(version) is None:
        yield FieldError("minimum_app_version", say("must be a version such as {example}", example="1.4.0"), "pattern")


def _unknown_zone(timezone: str) -> Iterator[FieldError]:
    if timezone not in available_timezones():
        message = say("must be an IANA time zone, such as Europe/Istanbul or America/New_York")
        yield FieldError("timezone", message, "unknown")


def _excessive(tolerance: Decimal) -> Iterator[FieldError]:
    if not (tolerance.is_finite() and 0 <= tolerance <= 1 and tolerance == round(tolerance, TOLERANCE_PLACES)):
        form = "must be between {least} and {most}, with up to {places} decimal places; {example} is five percent"
        message = say(form, least=0, most=1, places=TOLERANCE_PLACES, example=0.05)
        yield FieldError("tolerance", message, "out_of_range")


def _out_of_bounds(settings: TenantSettings) -> Iterator[FieldError]:
    for name, (least, most, between) in _SPANS.items():
        span: timedelta | None = getattr(settings, name)
        if span is not None and not least <= span <= most:
            yield FieldError(name, say("must be between {between}", between=between), "out_of_range")


def _unusable(field: str, reasons: Sequence[str]) -> Iterator[FieldError]:
    """The field errors of a list of codes. It must include `other`, which stands for all the rest."""
    wrong = [reason for reason in reasons if not _REASON.fullmatch(reason)]
    if wrong:
        form = "must be codes of {least} to {most} of a-z, 0-9 and _; wrong: {wrong}"
        yield FieldError(field, say(form, least=1, most=40, wrong=wrong), "pattern")
    if len(set(reasons)) < len(reasons):
        yield FieldError(field, say("must not contain the same code twice"), "duplicate")
    if len(reasons) > MOST_REASONS:
        yield FieldError(field, say("must have at most {most} codes", most=MOST_REASONS), "too_many")
    if OTHER not in reasons:
        yield FieldError(field, say("must include {code}, which stands for all the rest", code=OTHER), "required")


def _unlabelled(causes: Sequence[IssueCause]) -> Iterator[FieldError]:
    """The field errors of the labels of causes."""
    wrong = [
        cause.code for cause in causes if not all(0 < len(label) <= LONGEST_LABEL for label in (cause.tr, cause.en))
    ]
    if wrong:
        form = "must have labels of {least} to {most} characters; wrong: {wrong}"
        message = say(form, least=1, most=LONGEST_LABEL, wrong=wrong)
        yield FieldError("issue_causes", message, "label")
