"""What Takip replaces inside Chalice. A new version of Chalice that is made otherwise must fail here, not on AWS."""

import inspect

import pytest
from chalice.deploy.planner import PlanStage
from chalice.deploy.swagger import TemplatedSwaggerGenerator

from infra.deployment.chalice_program import live_address

FOR = "arn:{partition}:apigateway:{region_name}:lambda:path/2015-03-31/functions/{api_handler_lambda_arn}"


def test_the_api_calls_the_alias_where_chalice_names_the_newest_code() -> None:
    generator = TemplatedSwaggerGenerator()
    chalices, ours = generator._uri(), live_address(generator)
    assert chalices.template == f"{FOR}/invocations"
    assert ours.template == f"{FOR}:live/invocations"
    assert ours.variables == chalices.variables == ["partition", "region_name", "api_handler_lambda_arn"]


@pytest.mark.parametrize("method", [PlanStage._plan_sqseventsource, PlanStage._plan_scheduledevent])
def test_chalice_plans_a_caller_from_what_its_door_declares(method: object) -> None:
    assert list(inspect.signature(method).parameters) == ["self", "resource"]  # type: ignore[arg-type]  # a function
