"""What `takip.py migrate-from` asks for, and where it writes."""

import sys
from pathlib import Path

import pytest
import rich_click as click

from infra.cli import migrate_from


def test_the_zone_is_asked_for_where_somebody_can_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda _: True})())
    monkeypatch.setattr(click, "prompt", lambda _question: "Europe/Istanbul")

    assert migrate_from._zone(None).key == "Europe/Istanbul"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/a/plant.db", "/a/plant.db.report"),
        ("postgresql://u:p@h/plant", "plant.report"),
        ("postgresql://u:p@h", "old-system.report"),
    ],
)
def test_the_report_is_beside_its_source(source: str, name: str) -> None:
    assert migrate_from._beside(source) == Path(name)
