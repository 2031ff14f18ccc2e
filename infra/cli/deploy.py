"""`takip.py deploy` and `takip.py destroy`: shared environments on AWS."""

from itertools import groupby

import rich_click as click

from infra import deployment
from infra.aws import Aws, amazon
from infra.cli.allowed_origins import allow_origin_option
from infra.cli.console import heading, line, say, step
from infra.cli.former_names import move_logins
from infra.cli.migrate import refuse_unknown_schema, tell_migrations
from infra.cli.recounting import count_again
from infra.deployment import edges, tables
from infra.deployment.edges import EdgeWishes
from infra.deployment.preflight import Finding
from infra.deployment.watching import Wishes, who_is_told
from infra.places import KEPT
from infra.problem import Problem
from infra.rollout import careful

SHARED = click.Choice(["dev", "prod"])


@click.command()
@click.option("--stage", required=True, type=SHARED, help="The environment.")
@click.option("--check", is_flag=True, help="Only say what is missing, what is taken and what would change.")
@click.option(
    "--watch",
    type=click.IntRange(0, 60),
    default=5,
    show_default=True,
    help="For how many minutes the release is watched with 10 % of the calls; 0: it gets all at once.",
)
@allow_origin_option
@click.option(
    "--alarms-to",
    "email",
    metavar="EMAIL",
    help="Who is told of alarms and of the budget. AWS asks this address for a confirmation. It is kept for the next "
    "time; an empty one tells nobody.",
)
@click.option(
    "--budget",
    type=click.IntRange(0),
    metavar="DOLLARS",
    help="The US dollars that the account may cost in a month; --alarms-to is told at 50, 80 and 100 %, and when a "
    "forecast is above. It is kept for the next time; 0 removes it.",
)
@click.option(
    "--domain",
    metavar="NAME",
    help="A domain of yours at which the API answers, such as api.example.com. The records that you must set in your "
    "DNS are printed. It is kept for the next time; an empty one removes it.",
)
@click.option(
    "--waf/--no-waf",
    default=None,
    help="A firewall before the API, with rules of AWS and a rate for each address. About 8 dollars a month and 0.60 "
    "for a million requests. It is kept for the next time.",
)
def deploy(
    stage: str,
    watch: int,
    *,
    check: bool,
    origins: str | None,
    email: str | None,
    budget: int | None,
    domain: str | None,
    waf: bool | None,
) -> None:
    """Deploy to an environment on AWS: resources, signing keys, functions and API. Run it after every change.

    The release before goes on serving until a probe has tried the new one, as a company of its own (the tenant
    `probe`), and until it was watched with a share of the calls. If it fails, the release before serves everything.

    The account and the region come from your AWS settings (AWS_PROFILE, AWS_DEFAULT_REGION and so on).
    """
    aws, wishes, edge_wishes = amazon(), Wishes(email, budget), EdgeWishes(domain, waf)
    if check:
        raise SystemExit(_report(deployment.check(aws, stage, origins=origins, wishes=wishes, edge_wishes=edge_wishes)))
    say(f"To the account {aws.account()}, region {aws.region}:")
    refuse_unknown_schema(aws, stage)
    rollout = careful(aws, stage, watch)
    deployed = deployment.deploy(aws, stage, KEPT / stage, step, origins=origins, rollout=rollout, wishes=wishes)
    move_logins(aws, stage)
    count_again(aws, stage)
    tell_migrations(aws, stage)
    with step("Setting the domain and the firewall, if they are wanted"):
        told = list(edges.put(aws, stage, edge_wishes))
    heading(f"Takip is on {stage}")
    line(f"URL       {deployed.url}")
    for each in told:
        line(each)
    line(f"Docs      {deployed.url}/docs, to read and to try in a browser")
    line(f"Alarms    {who_is_told(aws, stage)}")
    line(f"Back      python takip.py rollback --stage {stage}")
    line(f"Sign in   first make an admin: python takip.py admin create --stage {stage} --username NAME")


@click.command()
@click.option("--stage", required=True, type=SHARED, help="The environment.")
def destroy(stage: str) -> None:
    """Delete an environment on AWS with all its data. Asks for its name first.

    Tables are protected: remove the protection by hand before anything can be deleted. Backups stay until they expire.
    """
    aws = amazon()
    account = aws.account()
    if not deployment.is_there(aws, stage):
        raise Problem(f"There is nothing of {stage} in the account {account}, region {aws.region}.")
    say(f"This deletes [bold]{stage}[/] from the account {account}, region {aws.region}, with all its data.")
    _refuse_protected_tables(aws, stage)
    if click.prompt(f"Type {stage} to go on", default="", show_default=False) != stage:
        raise Problem("Nothing was deleted.")
    deployment.destroy(aws, stage, KEPT / stage, step)


def _report(findings: list[Finding]) -> int:
    """Print what was found; returns the exit code, 1 if something hinders."""
    for subject, found in groupby(findings, key=lambda finding: finding.subject):
        heading(subject)
        for finding in found:
            line(f"{'✗' if finding.hinders else ' '} {finding.text}")
    return int(any(finding.hinders for finding in findings))


def _refuse_protected_tables(aws: Aws, environment: str) -> None:
    """Raise Problem while a table of an environment is protected.

    The protection is removed by hand, so that no mistake here deletes a plant's data.
    """
    for table in tables.every(aws, environment):
        if tables.described(aws, table).get("DeletionProtectionEnabled"):
            release = f"aws dynamodb update-table --region {aws.region} --table-name {table}"
            raise Problem(
                f"The table {table} is protected against deletion, so nothing was deleted. To release it:\n"
                f"  {release} --no-deletion-protection-enabled"
            )
