"""The firewall of the API (AWS WAF): rules that AWS keeps up to date, and a rate for each address."""

from typing import Any

from infra import cloudformation
from infra.aws import Aws
from infra.places import PROJECT

TEMPLATE = PROJECT / "infra" / "firewall.yaml"
REQUESTS_IN_FIVE_MINUTES = 15_000
"""Of one address. All people and machines of a plant may have the same one, so it is 50 a second."""


def put(aws: Aws, environment: str, api_id: str, stage: str, *, wanted: bool | None) -> None:
    """Create, update or delete the firewall; None: as it was. Raises Problem with CloudFormation's reasons."""
    name = stack_name(environment)
    status = cloudformation.settled(aws, name)
    if wanted is False:
        delete(aws, environment)
    if wanted is False or (wanted is None and status is None):
        return
    cloudformation.put(aws, name, request_for(aws, environment, api_id, stage))


def delete(aws: Aws, environment: str) -> None:
    """Delete the firewall, if there is one. Raises Problem with CloudFormation's reasons."""
    if cloudformation.settled(aws, stack_name(environment)):
        cloudformation.delete(aws, stack_name(environment))


def request_for(aws: Aws, environment: str, api_id: str, stage: str) -> dict[str, Any]:
    """What is asked of CloudFormation for the firewall of an API: the template and its parameters."""
    api = f"arn:aws:apigateway:{aws.region}::/restapis/{api_id}/stages/{stage}"
    values = {"Environment": environment, "Api": api, "Rate": REQUESTS_IN_FIVE_MINUTES, "OnAmazon": not aws.endpoint}
    return {
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": cloudformation.parameters(values),
    }


def stack_name(environment: str) -> str:
    """The stack of an environment's firewall."""
    return f"takip-{environment}-firewall"
