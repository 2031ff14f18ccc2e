"""The costs of coming in and staying in, with a password and at a shared terminal, for `test_costs`."""

from tests.e2e.metering import Costs
from tests.floor import Plant


def access(costs: Costs, floor: Plant) -> None:
    """Coming in, staying in, and what an admin changes about people."""
    stranger, admin, measure = floor.stranger, floor.admin, costs.measure
    person = {"username": "newcomer", "password": "only for this test"}
    user = measure("register somebody", lambda: admin.post("/auth/register", person, key="register")).data
    pair = measure("sign in", lambda: stranger.post("/auth/login", person)).data
    measure("sign in, refused", lambda: stranger.post("/auth/login", person | {"password": "another"}))
    token = {"refresh_token": pair["refresh_token"]}
    measure("refresh", lambda: stranger.post("/auth/refresh", token))
    measure("refresh, repeated", lambda: stranger.post("/auth/refresh", token))
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    # A role that may not is told so from the token alone.
    measure("a request with a token, to authenticate", lambda: stranger.get("/auth/users", **bearer))
    measure("list where I am signed in", lambda: stranger.get("/auth/devices", **bearer))
    new = {"current": person["password"], "new": "another for this test"}
    measure("change my password", lambda: stranger.post("/auth/password", new, **bearer))
    at = f"/auth/users/{user['id']}"
    share(costs, floor, at, person["username"])
    measure("change a role", lambda: admin.patch(f"{at}/role", {"role": "planner"}, key="role"))
    measure("change a role, to admin", lambda: admin.patch(f"{at}/role", {"role": "admin"}, key="admin"))
    measure("a page of security events", lambda: admin.get("/auth/events?limit=10"))


def share(costs: Costs, floor: Plant, at: str, username: str) -> None:
    """A shared terminal, and a person who signs in there."""
    stranger, admin, measure = floor.stranger, floor.admin, costs.measure
    key = admin.post("/terminals", {"name": "Hall A"}).data["key"]
    admin.patch(f"/auth/users/{floor.other.id}/terminal", {"badge": "the first of the plant"})
    given = {"pin": "2580", "badge": f"badge of {username}"}
    measure("give a PIN and a badge", lambda: admin.patch(f"{at}/terminal", given, key="access"))
    by_pin, by_badge = {"key": key, "username": username, "pin": "2580"}, {"key": key, "badge": given["badge"]}
    stranger.post("/terminals/sign-in", by_badge)  # its first use of the day is noted
    token = stranger.post("/terminals/sign-in", by_badge).data["access_token"]
    measure("sign in at a terminal with a PIN", lambda: stranger.post("/terminals/sign-in", by_pin))
    measure("sign in at a terminal with a badge", lambda: stranger.post("/terminals/sign-in", by_badge))
    measure("sign in at a terminal, refused", lambda: stranger.post("/terminals/sign-in", by_pin | {"pin": "1470"}))
    bearer = {"Authorization": f"Bearer {token}"}
    stranger.get("/auth/users", **bearer)
    measure("a request from a terminal, to authenticate", lambda: stranger.get("/auth/users", **bearer))
