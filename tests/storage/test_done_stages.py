"""Where the fact of a done stage stands in the list of its product."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.numbers.day_facts import FactKey, OrderFact, StageFact
from chalicelib.domain.numbers.dimensions import Dimension, Group
from chalicelib.storage.keys.numbers import id_of_fact
from chalicelib.storage.numbers.done_stages import place_of
from tests.domain.builders import MORNING

KEY = FactKey(date(2026, 1, 5), "STAGE", "WO-1-01")
NOTHING = Decimal(0)
FACT = StageFact(0, 0, 0, 0, late=False, good=NOTHING, scrap=NOTHING, rework=NOTHING, ended_at=MORNING)
NAMED = replace(FACT, groups=(Group(Dimension.PRODUCT, "kapak-40"), Group(Dimension.STAGE, "Montaj")))


def test_a_done_stage_stands_by_its_product_as_codes_are_compared_and_by_its_end() -> None:
    place = place_of("acme", KEY, NAMED)
    assert place == ("T#acme#PRODUCT#KAPAK-40#DONE", "2026-01-05T08:00:00.000Z#WO-1-01")
    assert id_of_fact("STAGE#WO-1-01") == "WO-1-01"


@pytest.mark.parametrize("fact", [OrderFact(0, late=False), FACT, replace(NAMED, ended_at=None)])
def test_what_does_not_say_of_which_product_it_is_or_when_it_ended_has_no_place(fact: Any) -> None:
    assert place_of("acme", KEY, fact) is None
