"""Values in DynamoDB's typed form are those that boto3 makes and reads."""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.storage.typed import plain, typed

DECIMALS = st.builds(Decimal, st.integers(-(10**38) + 1, 10**38 - 1)).map(lambda number: number.scaleb(-20))
PLAIN = (
    st.none() | st.booleans() | st.text() | st.integers(-(10**38) + 1, 10**38 - 1) | DECIMALS | st.binary(min_size=1)
)
SETS = st.frozensets(st.text(), min_size=1)
VALUES = st.recursive(PLAIN | SETS, lambda each: st.lists(each) | st.dictionaries(st.text(), each))


def sets_sorted(value: Any) -> Any:
    """A typed form in which the order of a set is not by chance."""
    ((kind, held),) = value.items()
    if kind == "SS":
        return {kind: sorted(held)}
    if kind == "M":
        return {kind: {name: sets_sorted(each) for name, each in held.items()}}
    return {kind: [sets_sorted(each) for each in held]} if kind == "L" else value


@given(VALUES)
def test_a_value_is_written_as_boto3_writes_it(value: Any) -> None:
    assert typed(value) == sets_sorted(TypeSerializer().serialize(value))


@given(VALUES)
def test_a_value_is_read_as_boto3_reads_it(value: Any) -> None:
    written: Any = typed(value)

    assert plain(written) == TypeDeserializer().deserialize(written)


def test_a_tuple_is_a_list() -> None:
    assert typed((1, "x")) == {"L": [{"N": "1"}, {"S": "x"}]}


def test_bytes_are_read_from_base64_and_as_they_are() -> None:
    assert plain({"B": "AAE="}) == plain({"B": b"\0\1"}) == b"\0\1"


@pytest.mark.parametrize(
    "number", [Decimal("NaN"), Decimal("Infinity"), 10**38 + 1, Decimal("1E+127"), Decimal("1E-170")]
)
@pytest.mark.parametrize("write", [typed, TypeSerializer().serialize])
def test_a_number_that_dynamodb_cannot_hold_is_refused_as_boto3_does(
    write: Callable[[Any], object], number: Any
) -> None:
    with pytest.raises((DecimalException, TypeError)):
        write(number)


@pytest.mark.parametrize("value", [1.5, object(), {"a": 1.5}])
def test_a_value_without_a_type_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="DynamoDB has no type for"):
        typed(value)


def test_a_type_that_is_never_written_is_not_read() -> None:
    with pytest.raises(ValueError, match="DynamoDB's type NS"):
        plain({"NS": ["1"]})
