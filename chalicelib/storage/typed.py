"""DynamoDB's typed form of plain values: each value under the name of its type, such as `{"S": "text"}`.

boto3's `TypeSerializer` does the same, and takes several times as long. Most of a list's CPU time was spent in it and
in botocore.
"""

from base64 import b64decode
from collections.abc import Mapping
from decimal import Clamped, Context, Decimal, Inexact, Overflow, Rounded, Underflow
from typing import Any

Typed = dict[str, Any]

# The numbers that DynamoDB can hold:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
_NUMBERS = Context(prec=38, Emin=-128, Emax=126, traps=[Clamped, Overflow, Inexact, Rounded, Underflow])


def typed(value: Any) -> Typed:  # noqa: PLR0911  one return for each type
    """The typed form of a text, number, bool, None, bytes, list, tuple, dict, or a set of texts.

    Raises TypeError for anything else, also a float, NaN or an infinite number, and decimal.DecimalException for a
    number that DynamoDB cannot hold.
    """
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, dict):
        return {"M": {name: typed(each) for name, each in value.items()}}
    if isinstance(value, bool):  # before int, which a bool is too
        return {"BOOL": value}
    if isinstance(value, Decimal | int):
        return {"N": _number(value)}
    if isinstance(value, list | tuple):
        return {"L": [typed(each) for each in value]}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, set | frozenset):
        return {"SS": sorted(value)}
    raise TypeError(f"DynamoDB has no type for {type(value).__name__}.")


def plain(value: Mapping[str, Any]) -> Any:  # noqa: PLR0911  one return for each type
    """The value of a typed form. A number is a decimal. Raises ValueError for a type that `typed` does not write."""
    ((kind, held),) = value.items()
    if kind == "S":
        return held
    if kind == "N":
        return Decimal(held)
    if kind == "M":
        return {name: plain(each) for name, each in held.items()}
    if kind == "L":
        return [plain(each) for each in held]
    if kind == "BOOL":
        return held
    if kind == "NULL":
        return None
    if kind == "B":
        # In base64 as JSON has it, or as botocore's own parser made it.
        return held if isinstance(held, bytes) else b64decode(held)
    if kind == "SS":
        return set(held)
    raise ValueError(f"No value of Takip has DynamoDB's type {kind}.")


def _number(value: Decimal | int) -> str:
    number = _NUMBERS.create_decimal(value)
    if not number.is_finite():
        raise TypeError(f"DynamoDB has no type for {number}.")
    return str(number)
