"""What the in-memory events topic published."""

import json
from typing import Any

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.conftest import ENVIRONMENT


def published() -> list[dict[str, Any]]:
    """The CloudEvents that were published, oldest first."""
    return [json.loads(text) for text, _ in _sent()]


def attributes() -> list[dict[str, str]]:
    """The attributes of the messages, oldest first."""
    return [{name: value["Value"] for name, value in found.items()} for _, found in _sent()]


def _sent() -> list[tuple[str, dict[str, Any]]]:
    backend = get_backend("sns")[DEFAULT_ACCOUNT_ID][ENVIRONMENT["AWS_DEFAULT_REGION"]]
    (topic,) = backend.topics.values()
    return [(message, named or {}) for _, message, _, named, _ in topic.sent_notifications]
