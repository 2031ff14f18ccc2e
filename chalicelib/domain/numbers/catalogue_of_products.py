"""The metrics of products in the catalogue."""

from chalicelib.domain.numbers.catalogue_entries import FLOOR, Entry, Of
from chalicelib.domain.numbers.examples_of_products import STANDARD

PACE = (
    "run seconds ÷ pieces (good, scrap and open rework) of the stage that {} of the stages do not exceed "
    "(nearest rank), among the last 20 of this name that were done"
)

ENTRIES = tuple(
    Entry(name, "seconds", PACE.format(part), FLOOR, (Of.PRODUCT,), STANDARD, ("no_data",))
    for name, part in (
        ("suggested_standard", "half"),
        ("standard_lower_quartile", "a quarter"),
        ("standard_upper_quartile", "three quarters"),
    )
)
