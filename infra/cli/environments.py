"""The environment of a verb, and the AWS it is on."""

import rich_click as click

from chalicelib.domain.tenants import DEFAULT_TENANT
from infra.aws import Aws, amazon
from infra.cli.status import read_status
from infra.local import ENVIRONMENT, local

stage_option = click.option(
    "--stage",
    type=click.Choice(["local", "dev", "prod"]),
    default=ENVIRONMENT,
    show_default=True,
    help="The environment.",
)
tenant_option = click.option("--tenant", default=DEFAULT_TENANT, show_default=True, help="Whose plant it is.")


def aws_of(stage: str) -> Aws:
    """The AWS of an environment. Raises Problem if it is on this machine and Takip does not run."""
    if stage == ENVIRONMENT:
        read_status()
        return local().aws
    return amazon()
