"""A program: Chalice's command line as a deployment runs it. It also writes down each action that it takes on AWS."""

import runpy
import sys
from pathlib import Path
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from tests.deploying import action


def _note(event_name: str, request: Any, **_more: object) -> None:
    with Path("../actions").open("a", encoding="utf-8") as actions:
        actions.write(f"{action(event_name, request.method)}\n")


if __name__ == "__main__":
    BUILTIN_HANDLERS.append(("before-send", _note))
    sys.modules.pop("infra.deployment.chalice_program", None)
    runpy.run_module("infra.deployment.chalice_program", run_name="__main__", alter_sys=True)
