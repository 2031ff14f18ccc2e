"""The codec between the domain's frozen dataclasses and plain values, for items and stored answers."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from cattrs import Converter

from chalicelib.domain import instants


def _converter() -> Converter:
    """Make the codec: instants as text, spans in milliseconds, decimals as they are, floats as text.

    Floats are text because DynamoDB's numbers are never smaller than 1e-130. What was written is read without finding
    every mistake in it: the first one is raised.
    """
    converter = Converter(omit_if_default=True, detailed_validation=False)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(datetime, instants.wire)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(timedelta, instants.milliseconds)
    converter.register_structure_hook(timedelta, lambda number, _: timedelta(milliseconds=int(number)))
    converter.register_unstructure_hook(Decimal, lambda number: number)
    converter.register_structure_hook(Decimal, lambda number, _: Decimal(number))
    converter.register_unstructure_hook(float, repr)
    converter.register_structure_hook(float, lambda text, _: float(text))
    converter.register_unstructure_hook(bytes, lambda raw: raw)
    converter.register_structure_hook(bytes, lambda raw, _: bytes(raw))
    return converter


CONVERTER = _converter()
