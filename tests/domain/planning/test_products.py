"""What a product is when it is registered, and after a change."""

from dataclasses import fields, replace

import pytest

from chalicelib.domain.planning.products import ChangeProduct, NewProduct, Product, changed
from tests.floor import MORNING

CAP = Product("KAPAK-40", "Cap 40 mm", MORNING, unit="pcs", note="one colour")


def test_a_change_keeps_what_is_left_out_and_clears_what_is_none() -> None:
    after = changed(CAP, ChangeProduct(name="Cap", note=None))
    assert after == replace(CAP, name="Cap", note=None, version=2)


@pytest.mark.parametrize("wanted", [ChangeProduct(), ChangeProduct(name=CAP.name, unit=CAP.unit)])
def test_a_change_to_the_same_values_raises_no_version(wanted: ChangeProduct) -> None:
    assert changed(CAP, wanted) is CAP


def test_everything_that_somebody_writes_down_of_a_product_can_be_changed_but_its_code() -> None:
    names = {field.name for field in fields(ChangeProduct)}
    assert names == {field.name for field in fields(NewProduct)} - {"product_code"}
