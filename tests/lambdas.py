"""The context that Lambda passes to a handler with the event."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass
class LambdaContext:
    """As much of Lambda's context as doors look at."""

    function_name: str = "takip-local-test"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:000000000000:function:takip-local-test"
    aws_request_id: str = "request-1"
    remaining_milliseconds: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """Plenty, unless told otherwise."""
        return self.remaining_milliseconds


def every_minute() -> dict[str, Any]:
    """The event of a schedule."""
    return {
        "version": "0",
        "id": "event-1",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-01-05T08:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:000000000000:rule/takip-local-compute_aggregates"],
        "detail": {},
    }


def handed_out(*buckets: str) -> dict[str, Any]:
    """The event of the workers' queue."""
    return {"Records": [{"body": json.dumps({"bucket": bucket})} for bucket in buckets]}
