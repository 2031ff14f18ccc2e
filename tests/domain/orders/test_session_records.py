"""Quantities: increments that can be added."""

from decimal import Decimal

from chalicelib.domain.orders.session_records import Quantities

SOME = Quantities(Decimal(1), {"other": Decimal(2), "surface": Decimal("0.5")}, Decimal(3))


def test_scrap_is_summed_over_its_reasons() -> None:
    assert SOME.scrapped == Decimal("2.5")
    assert Quantities().scrapped == 0


def test_quantities_add_reason_by_reason_and_keep_their_summands() -> None:
    more = Quantities(Decimal(1), {"other": Decimal(1), "setup": Decimal(1)})
    assert SOME + more == Quantities(
        Decimal(2), {"other": Decimal(3), "surface": Decimal("0.5"), "setup": Decimal(1)}, Decimal(3)
    )
    assert SOME.scrap == {"other": Decimal(2), "surface": Decimal("0.5")}
    assert Quantities() + Quantities() == Quantities()


def test_nothing_is_nothing_of_anything() -> None:
    assert Quantities().nothing
    assert Quantities(scrap={"other": Decimal(0)}).nothing
    for something in (Quantities(Decimal(1)), Quantities(scrap={"other": Decimal(1)}), Quantities(rework=Decimal(1))):
        assert not something.nothing
