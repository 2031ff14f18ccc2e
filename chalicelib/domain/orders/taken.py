"""Ids and numbers of orders that are taken already."""

from chalicelib.domain.errors import Conflict


class OrderIdTaken(Conflict):
    """Another order already has this id."""

    code = "ERR_ORDER_ID_TAKEN"
    title = "This id is taken by another work order"


class OrderNumberTaken(Conflict):
    """Another order of this tenant already has this number."""

    code = "ERR_ORDER_NUMBER_TAKEN"
    title = "This number is taken by another work order"
