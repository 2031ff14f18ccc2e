"""Strategies for readings and messages, for tests with many random cases."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from chalicelib.domain.machines.readings import LIMIT, STATES, Reading, microseconds

HOUR = datetime(2026, 1, 5, 10, tzinfo=UTC)
HOUR_BEGINS = microseconds(HOUR)
SECOND = 1_000_000

finite = st.floats(-LIMIT, LIMIT).map(lambda value: value + 0.0)
few_instants = st.integers(0, 5).map(lambda second: HOUR_BEGINS + second * SECOND)
any_instants = st.integers(HOUR_BEGINS, HOUR_BEGINS + 3600 * SECOND - 1)
instants = few_instants | any_instants
sequences = st.none() | st.integers(0, 3) | st.integers(0, 2**63 - 1)
few_values = st.sampled_from([0.0, 0.1, 1.0, 2.5])


def _reading(
    sensor: str, type_name: str, values: st.SearchStrategy[float] | st.SearchStrategy[str]
) -> st.SearchStrategy[Reading]:
    return st.builds(Reading, st.just("M1"), st.just(sensor), st.just(type_name), instants, values, sequences)


numbers = _reading("main", "temperature", few_values | finite) | _reading("spindle", "custom", few_values | finite)
counts = _reading("main", "cycle_count", st.integers(0, 9).map(float))
states = _reading("main", "state", st.sampled_from(STATES))
readings = numbers | counts | states

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.integers(10**300, 10**310),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "machine_id",
                    "readings",
                    "tenant",
                    "type",
                    "reading_type",
                    "value",
                    "at",
                    "timestamp",
                    "seq",
                    "sensor",
                    "tag",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)
