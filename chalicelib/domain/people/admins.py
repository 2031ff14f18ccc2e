"""The active admins of a plant. There is always at least one."""

from dataclasses import dataclass

from chalicelib.domain.errors import Conflict
from chalicelib.domain.people.users import User
from chalicelib.domain.sentences import say


class LastAdmin(Conflict):
    """The last active admin cannot be given another role or deactivated."""

    code = "ERR_USER_LAST_ADMIN"
    title = "This is the last active admin"


@dataclass(frozen=True)
class Admins:
    """The ids of all active admins. There is always at least one."""

    user_ids: frozenset[str]
    version: int = 0

    def after(self, user: User) -> "Admins":
        """The admins after this user has changed. Raises LastAdmin if none is left."""
        left = self.user_ids | {user.id} if user.administers else self.user_ids - {user.id}
        if self.user_ids and not left:
            raise LastAdmin(say("Make somebody else an admin first."))
        return Admins(left, self.version + 1)
