"""People where no door leads: the first admin, from the command line."""

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.domain.users import Role, UsernameTaken
from chalicelib.services import users
from tests.floor import Plant

PASSWORD = "correct horse battery"


def test_an_admin_is_made_where_nobody_can_sign_in_yet(plant: Plant) -> None:
    made = users.create_admin(DEFAULT_TENANT, "root", PASSWORD)

    assert (made.role, made.active) == (Role.ADMIN, True)
    signed_in = plant.stranger.post("/auth/login", {"username": "ROOT", "password": PASSWORD})
    assert signed_in.data["user"]["id"] == made.id


@pytest.mark.usefixtures("plant")
def test_an_admin_needs_a_free_name_and_a_good_password() -> None:
    with pytest.raises(UsernameTaken):
        users.create_admin(DEFAULT_TENANT, "Ada", PASSWORD)
    with pytest.raises(InvalidFields):
        users.create_admin(DEFAULT_TENANT, "root", "short")
