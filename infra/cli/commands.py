"""All verbs, and the output of a Problem of any of them."""

import sys

import rich_click as click
from botocore.exceptions import BotoCoreError, ClientError

from infra.causes import told
from infra.cli.admin import admin
from infra.cli.aggregates import aggregates
from infra.cli.bench import bench
from infra.cli.brake import brake
from infra.cli.checks import check, test
from infra.cli.console import complain
from infra.cli.cost import cost
from infra.cli.deploy import deploy, destroy
from infra.cli.dlq import dlq
from infra.cli.drill import drill
from infra.cli.errors import errors
from infra.cli.export import export
from infra.cli.keys import keys
from infra.cli.leaving import LEAVING
from infra.cli.leaving_people import ABOUT_PEOPLE
from infra.cli.logs import logs
from infra.cli.migrate import migrate
from infra.cli.migrate_from import migrate_from
from infra.cli.new import new
from infra.cli.openapi import openapi
from infra.cli.package import package
from infra.cli.probe import probe
from infra.cli.quarantine import quarantine
from infra.cli.readings import readings
from infra.cli.releases import releases, rollback
from infra.cli.replay import replay
from infra.cli.report import report
from infra.cli.restore import restore, switch
from infra.cli.running import down, reset
from infra.cli.simulate import simulate
from infra.cli.status import status
from infra.cli.tenants import tenant
from infra.cli.up import up
from infra.cli.usage import usage
from infra.problem import Problem

for _step in LEAVING:
    tenant.add_command(_step)
for _step in ABOUT_PEOPLE:
    admin.add_command(_step)

_GROUPS: dict[str, list[click.Command]] = {
    "On this machine": [up, down, status, logs, errors, reset],
    "Trying and checking": [replay, simulate, check, test, bench, report, new],
    "Numbers and contract": [export, aggregates, openapi],
    "People and access": [tenant, admin, keys, migrate_from],
    "Machines": [readings, quarantine, dlq],
    "On AWS": [deploy, releases, rollback, brake, migrate, destroy, package, probe, cost, usage],
    "Backup and restore": [restore, switch, drill],
}
click.rich_click.COMMAND_GROUPS = {
    "takip.py": [{"name": name, "commands": [str(verb.name) for verb in verbs]} for name, verbs in _GROUPS.items()]
}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def takip() -> None:
    """Takip: production tracking for a factory floor, serverless, on a laptop or on AWS.

    Start with `python takip.py up`. It starts the whole system on this machine, with an embedded AWS, and prints what
    to try. `python takip.py VERB --help` describes each verb.
    """


for _verbs in _GROUPS.values():
    for _verb in _verbs:
        takip.add_command(_verb)


def main() -> int:
    """Run the verb of the arguments; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a Windows console may lack a character
    try:
        takip(prog_name="takip.py")
    except Problem as problem:
        complain(str(problem))
    except (BotoCoreError, ClientError) as error:
        complain(f"AWS says: {error}")
    except OSError as error:
        sentence = told(error)
        if sentence is None:
            raise
        complain(sentence)
    return 1
