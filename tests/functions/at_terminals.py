"""Shared terminals in tests: enrolled, with people who have a PIN or a badge."""

from dataclasses import dataclass
from typing import Any

from tests.floor import Person, Plant, Reply

PIN, BADGE = "2580", "04:A2:19:7F"


@dataclass(frozen=True)
class Tablet:
    """A terminal of a plant, and who uses it."""

    plant: Plant
    id: str
    key: str

    def sign_in(self, **given: Any) -> Reply:
        """Sign in here."""
        return self.plant.stranger.post("/terminals/sign-in", {"key": self.key} | given)

    def by_pin(self, person: Person, pin: str = PIN) -> Reply:
        """Sign in here with a PIN."""
        assert person.user is not None
        return self.sign_in(username=person.user.username, pin=pin)

    def call(self, method: str, path: str, token: str, body: Any = None) -> Reply:
        """Call the API from here with a token."""
        return self.plant.stranger.call(method, path, body, Authorization=f"Bearer {token}")


def enrol(plant: Plant, name: str = "Hall A") -> Tablet:
    """Enrol a terminal."""
    made = plant.planner.post("/terminals", {"name": name}).data
    return Tablet(plant, made["id"], made["key"])


def give(by: Person, to: Person, **access: Any) -> Reply:
    """Give somebody a PIN or a badge."""
    return by.patch(f"/auth/users/{to.id}/terminal", access)
