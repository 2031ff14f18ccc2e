"""Metadata of the rules: limits, lists of values, and the state machines as data."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from chalicelib.domain.andon import answering, attachments
from chalicelib.domain.floor import sessions
from chalicelib.domain.labels import Label, Labels
from chalicelib.domain.labels.field_codes import FIELD_CODES
from chalicelib.domain.labels.nulls import DOUBTS, NULLS
from chalicelib.domain.labels.values import REASONS, VALUES
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.domain.orders import transitions
from chalicelib.domain.orders.flows import Flow
from chalicelib.domain.orders.issues import IssueStatus, IssueType
from chalicelib.domain.orders.session_records import SessionKind
from chalicelib.domain.orders.state_machines import OF_ORDERS, OF_STAGES, Consequence, Status, Transition
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.people.users import Role
from chalicelib.domain.planning import holding, opening
from chalicelib.domain.priorities import Priority
from chalicelib.domain.telling.notifications import HEARD
from chalicelib.domain.tenant_settings import TenantSettings

LIMITS: Mapping[str, int] = {
    "stages_per_order": opening.MAX_STAGES,
    "assignees_per_stage": opening.MAX_ASSIGNEES,
    "stages_and_assignments_per_order": opening.MAX_STAGES_AND_ASSIGNMENTS,
    "open_sessions_per_order": sessions.MAX_OPEN_SESSIONS,
    "attachments_per_issue": attachments.MOST_ATTACHMENTS,
    "bytes_per_attachment": attachments.LARGEST_BYTES,
}

_LISTS: Mapping[str, type[StrEnum]] = {
    "order_status": OrderStatus,
    "stage_status": StageStatus,
    "flow": Flow,
    "session_kind": SessionKind,
    "issue_type": IssueType,
    "issue_status": IssueStatus,
    "issue_priority": Priority,
    "attachment_type": attachments.ContentType,
    "machine_status": MachineStatus,
    "role": Role,
}


def values(settings: TenantSettings) -> dict[str, list[str]]:
    """Every list of values that a field accepts, by name. The reasons come from the plant's settings."""
    lists = {name: [value.value for value in kind] for name, kind in _LISTS.items()}
    return lists | {
        "pause_reason": list(settings.pause_reasons),
        "scrap_reason": list(settings.scrap_reasons),
        "stop_reason": list(settings.stop_reasons),
        "issue_cause": settings.cause_codes,
        "notification_type": list(HEARD),
    }


def labels(settings: TenantSettings) -> dict[str, dict[str, dict[str, str]]]:
    """The labels of values, by the name of the list, the value and the language."""
    reasons = {name: getattr(settings, f"{name}s") for name in REASONS}
    labelled: Mapping[str, Labels] = {
        **VALUES,
        **{name: _labelled(REASONS[name], codes) for name, codes in reasons.items()},
        "null_reason": NULLS,
        "doubt": DOUBTS,
        "field_error": FIELD_CODES,
    }
    return {name: {code: label._asdict() for code, label in labels.items()} for name, labels in labelled.items()} | {
        "issue_cause": {cause.code: {"tr": cause.tr, "en": cause.en} for cause in settings.issue_causes},
        "notification_type": {kind.value: {"tr": heard.tr, "en": heard.en} for kind, heard in HEARD.items()},
    }


def _labelled(known: Labels, codes: Iterable[str]) -> Labels:
    """The labels of a plant's codes. A code that Takip does not know is its own label."""
    return {code: known.get(code, Label(code, code)) for code in codes}


def transitions_of(table: Iterable[Transition[Status]]) -> list[dict[str, Any]]:
    """A state machine as data, row by row."""
    return [
        {
            "from": row.source.value,
            "command": row.command,
            "to": row.target.value,
            "roles": sorted(row.roles),
            "guards": list(row.guards),
            "needs_reason": row.needs_reason,
            "where": row.where,
        }
        for row in table
    ]


def consequences_of(table: Iterable[Consequence[Status]]) -> list[dict[str, Any]]:
    """The table of statuses that follow from commands on other things, as data, row by row."""
    return [
        {
            "from": row.source.value,
            "command": row.command,
            "subject": row.subject.value,
            "to": row.target.value,
            "where": row.where,
        }
        for row in table
    ]


def state_machines() -> dict[str, list[dict[str, Any]]]:
    """The state machines of orders, stages and issues, and the tables of statuses that follow from other commands."""
    return {
        "order": transitions_of(holding.TRANSITIONS),
        "stage": transitions_of(transitions.TRANSITIONS),
        "issue": transitions_of(answering.TRANSITIONS),
        "order_follows": consequences_of(OF_ORDERS),
        "stage_follows": consequences_of(OF_STAGES),
    }
