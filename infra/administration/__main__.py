"""The process that makes an admin: `python -m infra.administration USERNAME`, the password on standard input."""

import sys

from chalicelib.domain.errors import TakipError
from chalicelib.domain.users import UsernameTaken
from chalicelib.services.users import create_admin
from infra.administration import TAKEN


def main(username: str, password: str) -> int:
    """Make the admin, and tell the process that asked how it went."""
    try:
        create_admin(username, password)
    except UsernameTaken:
        sys.stdout.write(TAKEN)
    except TakipError as refusal:
        sys.stderr.write(refusal.detail)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdin.readline().rstrip("\n")))
