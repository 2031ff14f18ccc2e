"""The policy for whoever deploys: it allows what deployments do, and what CloudFormation does for the template."""

from infra.deployment.rights import GRANTS, policy
from tests import deploying
from tests.architecture.deployment import BACKUPS, FIREWALL, RESOURCES, WATCHING

GRANTED = {name for grant in GRANTS for name in grant.named()}


def test_it_is_known_what_cloudformation_does_for_every_type_of_the_template() -> None:
    known = RESOURCES | BACKUPS | WATCHING | FIREWALL
    assert {resource["Type"] for resource in known.values()} == set(deploying.BY_TYPE)


def test_nothing_is_missing_that_cloudformation_or_an_unseen_step_needs() -> None:
    assert deploying.compared(set()) == []


def test_a_right_that_is_missing_or_spare_is_named() -> None:
    everything = GRANTED | {"lambda:CreateFunction"}
    assert deploying.compared(everything) == []
    assert deploying.compared(everything | {"s3:PutObject"}) == ["docs/deploying.md does not allow s3:PutObject"]
    (spare,) = deploying.compared(everything - {"ssm:PutParameter"})
    assert spare == "docs/deploying.md allows ssm:PutParameter, which nobody needs"


def test_an_action_has_the_name_that_iam_gives_it() -> None:
    assert deploying.action("before-send.api-gateway.CreateDeployment", "POST") == "apigateway:POST"
    assert deploying.action("before-send.eventbridge.PutRule", "POST") == "events:PutRule"
    assert deploying.action("before-send.cloudwatch-logs.DescribeLogGroups", "POST") == "logs:DescribeLogGroups"
    assert deploying.action("before-send.lambda.GetFunction", "GET") == "lambda:GetFunction"


def test_only_what_has_no_arn_is_allowed_everywhere() -> None:
    everywhere = [each["Sid"] for each in policy("r", "1", "dev")["Statement"] if each["Resource"] == ["*"]]
    assert everywhere == [
        "AllTables",
        "RestoreJobs",
        "VaultStorage",
        "AllAlarms",
        "AllLogGroups",
        "Sampling",
        "EventSources",
        "Certificates",
        "FirewallOfTheApi",
        "Schedules",
        "OwnRights",
    ]
