"""The tools' questions to Takip's own code, answered in this process, on the table of the tests."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import remembered
from infra import administration
from infra.administration.__main__ import _said


def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tools ask in this process, which remembers as little as one of their own."""

    def stream(command: list[str], _sentence: str, *, given: str, **_: Any) -> Iterator[str]:
        remembered.forget_records()
        yield from map(json.dumps, _said(command[-1], json.loads(given)))

    monkeypatch.setattr(administration, "stream", stream)
