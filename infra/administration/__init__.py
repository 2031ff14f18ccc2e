"""Administration: runs Takip's own code from the tools, in a chosen environment."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from infra.administration.log import AdministrationLog
from infra.aws import Aws
from infra.deployment import chalice, tables
from infra.places import PROJECT
from infra.problem import Problem
from infra.programs import stream


def ask(
    aws: Aws, environment: str, verb: str, given: Mapping[str, Any], table: str | None = None
) -> Iterator[dict[str, Any]]:
    """Run one of the verbs of `__main__`, and yield its answers as they come. It starts with the first answer wanted.

    It acts on a table, by default on the one that serves. It runs in its own process, because Takip reads its settings
    from the environment once. Log lines of the process are written where the functions of the environment log.

    Raises Problem with all that is refused.
    """
    variables = chalice.setting(PROJECT, environment, "environment_variables")
    lines = stream(
        [sys.executable, "-m", __name__, verb],
        f"Takip could not do what was asked ({verb}):",
        cwd=PROJECT,
        env={**aws.environment(), **variables, tables.VARIABLE: table or tables.serving(aws, environment)},
        given=json.dumps(given),
    )
    log = AdministrationLog(aws, environment)
    with closing(lines):
        for line in lines:
            match json.loads(line):
                case {"refused": reasons}:
                    raise Problem("\n".join(reasons))
                case {"answer": answer}:
                    yield answer
                case _:
                    log.write(line.rstrip())


def make_admin(aws: Aws, environment: str, username: str, password: str, tenant: str = "default") -> bool:
    """Make an admin of a tenant; False if the username is taken.

    Raises Problem with all that is wrong with the name or the password.
    """
    given = {"tenant": tenant, "username": username, "password": password}
    (answer,) = ask(aws, environment, "create admin", given)
    made: bool = answer["made"]
    return made
