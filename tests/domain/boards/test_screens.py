"""Screens, and the boards that they show."""

from dataclasses import replace

import pytest

from chalicelib.domain.boards.screens import (
    MOST_BOARDS,
    MOST_SCREENS,
    OF_PLANT,
    Screen,
    TooManyScreens,
    Watch,
    Watched,
    board_id,
)
from tests.floor import MORNING

SCREEN = Screen(id="S1", name="Hall A", digest="d", created_at=MORNING, created_by="pelin")
OF_LINE = replace(SCREEN, line="Paketleme")


def test_a_board_is_watched_as_long_as_it_has_a_screen() -> None:
    one = Watch().with_screen(SCREEN)
    two = one.with_screen(OF_LINE).with_screen(SCREEN)
    assert two.boards == {OF_PLANT: Watched(None, 2), board_id("Paketleme"): Watched("Paketleme", 1)}
    assert two.without_screen(SCREEN).without_screen(OF_LINE).boards == one.boards
    assert one.without_screen(SCREEN) == Watch(version=2)


def test_a_line_has_one_board_however_its_letters_are_written() -> None:
    assert board_id("Kesim") == board_id("KESİM") != board_id("Kesim 2")
    assert board_id(OF_PLANT) != board_id(None) == OF_PLANT


def test_screens_have_an_end() -> None:
    full = Watch({OF_PLANT: Watched(None, MOST_SCREENS)})
    with pytest.raises(TooManyScreens):
        full.with_screen(SCREEN)
    lines = Watch({str(n): Watched(str(n), 1) for n in range(MOST_BOARDS)})
    with pytest.raises(TooManyScreens):
        lines.with_screen(SCREEN)
