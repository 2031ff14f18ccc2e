"""Done stages of a product: their facts of days, in an index by product."""

from chalicelib.domain.numbers.day_facts import FactKey, StageFact
from chalicelib.domain.numbers.dimensions import Dimension
from chalicelib.domain.text import key_form
from chalicelib.storage import table
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import IndexPlace


def place_of(tenant: str, key: FactKey, fact: object) -> IndexPlace | None:
    """The place of a fact in the list of its product's done stages; None for every other fact.

    A fact of an earlier release does not say of which product it is, and has none.
    """
    if not isinstance(fact, StageFact) or fact.ended_at is None:
        return None
    product = next((group.value for group in fact.groups or () if group.dimension is Dimension.PRODUCT), None)
    return None if product is None else keys.done_stage(tenant, key_form(product), fact.ended_at, key.identity)


def newest(tenant: str, product_code: str, *, most: int) -> list[tuple[str, StageFact]]:
    """Read the stages of a product that were done last, by id, with their facts; newest first.

    The list is slightly behind the facts. Costs one query.
    """
    listed = table.page("by_state", keys.done_stages(tenant, key_form(product_code)), limit=most, forward=False)
    return [(keys.id_of_fact(each.SK), each.read(StageFact)) for each in listed.items]
