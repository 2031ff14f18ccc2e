"""Events as CloudEvents 1.0, the form in which others get them.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

import json
from decimal import Decimal
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.plain_json import number
from chalicelib.domain.telling.events import Event

PREFIX = "dev.takip."


def cloud_event(event: Event, environment: str) -> dict[str, Any]:
    """An event with the attributes of a CloudEvent. `tenant` is an extension attribute.

    `source` and `id` together are unique.
    """
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/takip/{environment}/tenants/{event.tenant}",
        "type": f"{PREFIX}{event.type}",
        "subject": event.subject,
        "time": wire(event.at),
        "datacontenttype": "application/json",
        "tenant": event.tenant,
        "data": {name: number(value) if isinstance(value, Decimal) else value for name, value in event.data.items()},
    }


def written(event: Event, environment: str) -> str:
    """An event in the JSON format of CloudEvents."""
    return json.dumps(cloud_event(event, environment), ensure_ascii=False, separators=(",", ":"))
