"""The log of a real factory in the table, as if it had been booked there, without the cost of each command."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import projections
from chalicelib.storage import table
from chalicelib.storage.orders import order_items
from tests.domain.real_factories import Worked, job_shop
from tests.sampling import sampled

FIRST, LAST = date(2012, 1, 1), date(2012, 3, 31)


def stored_job_shop(one_in: int) -> Sequence[Worked]:
    """Store one in so many orders of the job shop's quarter, or all with `--full`, and project them."""
    shop = list(sampled(job_shop().values(), one_in))
    for worked in shop:
        order = worked.order
        items = [order_items.order_item(DEFAULT_TENANT, order)]
        items += [order_items.stage_item(DEFAULT_TENANT, order.id, stage) for stage in order.stages]
        items += [order_items.session_item(DEFAULT_TENANT, order, session) for session in worked.sessions]
        table.batch_put(items)
        projections.project(DEFAULT_TENANT, order.id)
    return shop
