"""What it saves to send many readings in one message: messages, CPU time of the door, and dollars, by the way in.

A machine is assumed whose month is that of `ingest`. DynamoDB is left out: the queue gathers the messages of a minute,
so its units hardly depend on the size of a message.
"""

import math
from collections.abc import Iterator

from infra.bench.costs import MILLION, PRICES, on_lambda
from infra.bench.ingest import HOURS, READINGS, Measured

SIZES = {
    1: "6,000 messages of 1 reading",
    10: "600 messages of 10 readings",
    60: "100 messages of 60 readings",
    300: "20 messages of 300 readings",
}
"""The readings of a message, and the batch in which that was measured."""
READINGS_A_MONTH = READINGS * HOURS
BYTES_A_READING, BYTES_A_UNIT = 100, 5 * 1024  # AWS IoT bills a message in units
MESSAGES_A_REQUEST = 10  # with which Lambda takes messages from the queue, and deletes them
# us-east-1: https://aws.amazon.com/iot-core/pricing/
DOLLARS_A_UNIT = (1.00 + 0.15 + 0.15) / MILLION  # a message, a rule and its action

Row = tuple[str, str, str, str, str, str]
HEAD: Row = ("readings a message", "messages a month", "readings a CPU second", "SQS", "AWS IoT", "HTTP")


def rows(today: Measured) -> Iterator[Row]:
    """A row for each size: dollars are those of a month, by the way in."""
    for size, batch in SIZES.items():
        messages, speed = READINGS_A_MONTH / size, today.readings_a_second[batch]
        queue = messages * (1 + 2 / MESSAGES_A_REQUEST) * PRICES["SQS, a million requests"] / MILLION
        seconds = on_lambda(1_000 * READINGS_A_MONTH / speed)
        sqs = queue + seconds * PRICES["Lambda (arm64), a million GB-seconds"] / MILLION
        iot = sqs + messages * math.ceil(size * BYTES_A_READING / BYTES_A_UNIT) * DOLLARS_A_UNIT
        asked = PRICES["API Gateway, a million requests"] + PRICES["Lambda, a million calls"]
        http = sqs + messages * asked / MILLION
        yield (f"{size}", f"{messages:,.0f}", f"{speed:,.0f}", f"{sqs:.2f}", f"{iot:.2f}", f"{http:.2f}")
