"""The deployment's files: Chalice's configuration, the policies, the CloudFormation template."""

import json
import re
from typing import Any

import yaml

from infra.deployment.watching import watched
from infra.deployment.watching.template import templates
from tests.architecture.sources import PROJECT

CONFIG: dict[str, Any] = json.loads((PROJECT / ".chalice" / "config.json").read_text(encoding="utf-8"))
ENVIRONMENTS = ("local", "dev", "prod")


class Template(yaml.SafeLoader):
    """Reads CloudFormation's short forms as `{"Sub": …}`, `{"GetAtt": …}` and so on."""


def _short_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None}


Template.add_multi_constructor("!", _short_form)


def _resources(template: str) -> dict[str, Any]:
    """The resources of a template."""
    text = (PROJECT / "infra" / template).read_text(encoding="utf-8")
    found: dict[str, Any] = Template(text).get_single_data()["Resources"]
    return found


RESOURCES = _resources("resources.yaml")
FIREWALL = _resources("firewall.yaml")
BACKUPS = _resources("backups.yaml")
# What watches an environment, as it is made for `prod`.
WATCHING: dict[str, Any] = {
    name: resource
    for template in templates(watched("prod")).values()
    for name, resource in json.loads(template)["Resources"].items()
}


def functions() -> set[str]:
    """The functions in config.json."""
    return set(CONFIG["lambda_functions"])


def named(property_: str, environment: str) -> set[str]:
    """The names of the template's resources in an environment, by the property that holds them."""
    names = [
        resource["Properties"][property_] for resource in RESOURCES.values() if property_ in resource["Properties"]
    ]
    return {name["Sub"].replace("${Environment}", environment) for name in names}


def variables(environment: str) -> dict[str, str]:
    """The variables of a Lambda in an environment."""
    return {**CONFIG["environment_variables"], **CONFIG["stages"][environment]["environment_variables"]}


def policy(environment: str, function: str) -> dict[str, Any]:
    """The policy of a function in an environment."""
    name = CONFIG["stages"][environment]["lambda_functions"][function]["iam_policy_file"]
    found: dict[str, Any] = json.loads((PROJECT / ".chalice" / name).read_text(encoding="utf-8"))
    return found


def trespasses(document: dict[str, Any], environment: str) -> list[str]:
    """Grants of a policy beyond named actions on the environment's own resources.

    X-Ray has no resources, nor has the question where IoT is: these actions are granted on all. Topics are named after
    tenants, as those of machines.
    """
    broken = []
    for statement in document["Statement"]:
        actions, resources = listed(statement["Action"]), listed(statement["Resource"])
        broken += [f"{action} is not one action" for action in actions if "*" in action]
        if all(action.startswith("xray:") or action == "iot:DescribeEndpoint" for action in actions):
            continue
        broken += [f"{resource} is another's" for resource in resources if not _is_own(resource, environment)]
    return broken


def _is_own(resource: str, environment: str) -> bool:
    own = rf"arn:aws:\w+:\*:\*:(?:[\w-]+[:/])*/?(?:aws/lambda/)?takip[-/]{environment}(?:[-/]\w[\w/-]*)?(?::\*)?"
    own = rf"{own}|arn:aws:s3:::takip-{environment}-files-\*(?:/[a-z]+/\*)?"
    own = rf"{own}|arn:aws:dynamodb:\*:\*:table/takip-{environment}(?:-restored-\*)?(?:/index/GSI\d|/stream/\*)?"
    own = rf"{own}|arn:aws:iam::\*:role/takip-{environment}-live"
    own = rf"{own}|arn:aws:iot:\*:\*:topic/takip/\*/live/(?:board/\*|user/\*|issues|orders)"
    return re.fullmatch(own, resource) is not None


def listed(one_or_more: str | list[str]) -> list[str]:
    """One or more of a statement, as a list."""
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more
