"""Making an admin of an environment, through the same code that registers everybody else."""

import sys

from infra.aws import Aws
from infra.deployment import chalice
from infra.places import PROJECT
from infra.programs import run

TAKEN = "taken"


def make_admin(aws: Aws, environment: str, username: str, password: str) -> bool:
    """Make an admin; False where there is already somebody of that name.

    Runs in a process of its own: the code that registers people reads its settings from the environment, once.
    Raises Problem with all that is wrong with the name or the password.
    """
    variables = chalice.setting(PROJECT, environment, "environment_variables")
    said = run(
        [sys.executable, "-m", __name__, username],
        f"The admin {username} could not be made:",
        cwd=PROJECT,
        env={**aws.environment(), **variables},
        given=f"{password}\n",
    )
    return not said.endswith(TAKEN)
