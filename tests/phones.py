"""Phones for tests: each signs in from its own address and stays signed in."""

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from chalice.local import LambdaEventConverter

from chalicelib import passwords
from chalicelib.domain.people.users import Role
from tests.floor import Person, Plant, Reply, hire

PASSWORD = "correct horse battery"
CHEAPEST = 4


@functools.cache
def hashed(cost: int = CHEAPEST) -> str:
    """The hash of the password that all people of these tests have."""
    return passwords.hashed(PASSWORD, cost)


@dataclass(frozen=True)
class Phone(Person):
    """A phone with a signed-in user. It uses the newest pair of tokens."""

    pair: Mapping[str, Any] = field(default_factory=dict)

    @property
    def refresh_token(self) -> str:
        """The refresh token of the pair."""
        return str(self.pair["refresh_token"])

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Reply:
        """Call the API with the pair's access token."""
        signed = {"Authorization": f"Bearer {self.pair['access_token']}"} | headers
        return Person(self.client, None).call(method, path, body, key=key, **signed)

    def refresh(self, token: str | None = None) -> Reply:
        """Request the next pair, and keep the present one."""
        sent = {"refresh_token": self.refresh_token if token is None else token}
        return Person(self.client, None).post("/auth/refresh", sent)

    def refreshed(self) -> "Phone":
        """The phone with the next pair."""
        return Phone(self.client, None, pair=self.refresh().data)


def employ(plant: Plant, name: str = "zeynep", role: Role = Role.WORKER, **fields: Any) -> Person:
    """Register a person with a password in the plant."""
    return hire(plant.client, name, role, **({"hashed": hashed()} | fields))


def log_in(plant: Plant, name: str = "zeynep", password: str = PASSWORD, **fields: Any) -> Reply:
    """Sign in."""
    return plant.stranger.post("/auth/login", {"username": name, "password": password} | fields)


def phone(plant: Plant, name: str = "zeynep", password: str = PASSWORD, **fields: Any) -> Phone:
    """A phone with a signed-in user."""
    return Phone(plant.client, None, pair=log_in(plant, name, password, **fields).data)


@contextmanager
def at_address(address: str) -> Iterator[None]:
    """Call from a network address."""
    with patch.object(LambdaEventConverter, "LOCAL_SOURCE_IP", address):
        yield


def refused(reply: Reply) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return reply.status, str(reply.error["code"])
