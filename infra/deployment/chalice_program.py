"""A program: Chalice's command line, with the zip, the Python and the processor that it is told.

Chalice itself would make a zip without bytecode, for the Python that it runs on, and let everything call the newest
code at once. It has no setting for any of them. What is replaced here is inside Chalice, so a test fails if a new
version of Chalice no longer asks for it.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalice.cli import main
from chalice.config import Config
from chalice.deploy.models import ScheduledEvent, SQSEventSource
from chalice.deploy.packager import LambdaDeploymentPackager
from chalice.deploy.planner import PlanStage, StringFormat
from chalice.deploy.swagger import TemplatedSwaggerGenerator

from infra.deployment.callers import noted_beside
from infra.deployment.live import LIVE
from infra.places import PROJECT

_newest = TemplatedSwaggerGenerator._uri


def live_address(generator: TemplatedSwaggerGenerator, function: str | None = None) -> StringFormat:
    """The address that the API calls: the alias `live` of its function, where Chalice names the newest code."""
    address = _newest(generator, function)
    return StringFormat(address.template.replace("/invocations", f":{LIVE}/invocations"), address.variables)


def tell(runtime: str, architecture: str, archive: Path) -> None:
    """Tell Chalice Lambda's names of the Python and of the processor, the zip, and that callers name the alias.

    What calls a function by a queue or a clock is only written down, beside the zip: `callers.py` makes it.
    """
    Config.lambda_python_version = property(lambda _: runtime)  # type: ignore[method-assign,assignment]
    Config.lambda_architecture = property(lambda _: architecture)  # type: ignore[method-assign,assignment]
    LambdaDeploymentPackager.create_deployment_package = lambda *_: str(archive)  # type: ignore[method-assign]
    TemplatedSwaggerGenerator._uri = live_address  # type: ignore[method-assign,assignment]
    noted = noted_beside(archive)
    noted.unlink(missing_ok=True)
    PlanStage._plan_sqseventsource = _note(noted, _queue)  # type: ignore[method-assign,assignment]
    PlanStage._plan_scheduledevent = _note(noted, _schedule)  # type: ignore[method-assign,assignment]


def _note(path: Path, told: Callable[[Any], dict[str, Any]]) -> Callable[[Any, Any], list[Any]]:
    def plan(_: PlanStage, source: Any) -> list[Any]:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(told(source))}\n")
        return []

    return plan


def _queue(source: SQSEventSource) -> dict[str, Any]:
    return {
        "function": source.lambda_function.function_name,
        "queue": source.queue,
        "batch_size": source.batch_size,
        "window_seconds": source.maximum_batching_window_in_seconds,
        "at_once": source.maximum_concurrency,
    }


def _schedule(source: ScheduledEvent) -> dict[str, Any]:
    names = {"function": source.lambda_function.function_name, "rule": source.rule_name}
    return {**names, "expression": source.schedule_expression}


if __name__ == "__main__":
    tell(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    del sys.argv[1:4]
    sys.path.remove(str(PROJECT))  # it led here; the application is that of the build folder
    sys.exit(main())
