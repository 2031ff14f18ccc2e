"""Moving logins to the names that usernames are compared by today; every deployment does it."""

from infra.administration import ask
from infra.aws import Aws
from infra.cli.console import line, step


def move_logins(aws: Aws, environment: str) -> None:
    """Move the logins that are still under a former name, and tell whose cannot be moved. Raises Problem."""
    with step("Bringing usernames into the form in which they are compared"):
        moved = list(ask(aws, environment, "move logins", {}))
    for each in moved:
        if not each["is_moved"]:
            line(
                f"{each['username']} (tenant {each['tenant']}) has the same name as somebody else by now, and signs in"
                " only as it was registered. Register them anew under another username."
            )
