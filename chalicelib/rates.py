"""How many requests the gateway lets through: to all endpoints together, and to those that cost more than others.

A deployment sets them, `GET /meta` tells them. What is above is answered with 429 before it reaches Takip.
"""

from dataclasses import dataclass

EVERYTHING = "*"


@dataclass(frozen=True)
class Rate:
    """The requests of one endpoint, or of all (`*`), that are let through: in a second, and at once."""

    method: str
    path: str
    a_second: int
    at_once: int


ALL = Rate(EVERYTHING, EVERYTHING, 500, 1000)

RATES = (
    ALL,
    # Machines must not starve people.
    Rate("POST", "/machines/{machine_id}/readings", 100, 200),
    # Each computes bcrypt, on purpose for a quarter of a second. At a change of shifts 1,200 people a minute come in.
    Rate("POST", "/auth/login", 20, 40),
    Rate("POST", "/v0/auth/login", 20, 40),
    Rate("POST", "/auth/password", 10, 20),
    Rate("POST", "/v0/auth/change-password", 10, 20),
    Rate("POST", "/auth/register", 10, 20),
    Rate("POST", "/v0/auth/register", 10, 20),
    Rate("POST", "/terminals/sign-in", 20, 40),
    # Each reads as much as a page of a hundred orders.
    *(Rate("GET", f"/exports/{rows}", 10, 20) for rows in ("daily", "orders", "stages", "sessions", "issues")),
)
