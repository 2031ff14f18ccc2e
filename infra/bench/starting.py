"""A program: starts a handler as Lambda does, from the folder of an unpacked zip. Standard library only.

It prints a line of JSON: the CPU seconds of importing the handler, and those of the import with its first event. If the
handler is not to be called, the two are the same.
"""

import importlib
import json
import sys
import time
from types import SimpleNamespace
from typing import Any


def start(folder: str, handler: str, event: Any) -> dict[str, Any]:
    """Import the handler and, if there is an event, call it. `answer` is what it returned."""
    sys.path.insert(0, folder)
    module, name = handler.rsplit(".", 1)
    began = time.process_time()
    called = getattr(importlib.import_module(module), name)
    imported = time.process_time()
    context = SimpleNamespace(
        function_name="takip-dev",
        memory_limit_in_mb=1024,
        invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:takip-dev",
        aws_request_id="00000000-0000-0000-0000-000000000000",
        get_remaining_time_in_millis=lambda: 29_000,
    )
    answer = called(event, context) if event else None
    return {"imported": imported - began, "answered": time.process_time() - began, "answer": answer}


if __name__ == "__main__":
    told = start(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
    sys.stdout.write(json.dumps(told) + "\n")
