"""The outbox: the events of the largest command fit into an item."""

import json
from dataclasses import replace

from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.planning.holding import hold
from chalicelib.domain.telling.events import LONGEST_TEXT, of_change
from chalicelib.domain.telling.outgoing import Outgoing
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.storage.telling.outbox import as_item, of_image
from infra.bench.capacity import item_size
from tests.domain.builders import MORNING, ORDER_ID, PELIN, a_stage, an_order, at_work, in_progress

LARGEST_ITEM_BYTES = 400 * 1024
MOST_STAGES = 40
LONG = "\U0001f525" * LONGEST_TEXT  # four bytes a character


def test_the_events_of_the_largest_command_fit_into_an_item() -> None:
    stages = [
        replace(in_progress(at_work(f"w-{n}"), name=LONG, machine_id=LONG[:64]), id=a_stage(n).id, position=n)
        for n in range(1, MOST_STAGES + 1)
    ]
    order = an_order(*stages, number=LONG, product_code=LONG, lot_no=LONG)
    command = Command("c", "hold", ORDER_ID, Because(LONG * 20), MORNING, subject=Subject.ORDER)
    events = of_change(hold(order, PELIN, command, DEFAULT_SETTINGS), PELIN, command, "E")
    assert len(events) == MOST_STAGES + 1

    written = as_item(Outgoing("O", MORNING, events)).serialize()

    assert item_size(written) < LARGEST_ITEM_BYTES
    assert of_image(json.loads(json.dumps(written))).events == events
