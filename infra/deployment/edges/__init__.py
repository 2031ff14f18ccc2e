"""The edges of an environment, which not every plant needs: a domain of its own, and a firewall.

Both are found in AWS, so a deployment that does not name them keeps them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.aws import Aws
from infra.deployment import chalice
from infra.deployment.edges import domain, firewall
from infra.places import PROJECT


@dataclass(frozen=True)
class EdgeWishes:
    """The domain and the firewall that are wanted. None: as in the deployment before; an empty domain removes it."""

    domain: str | None = None
    firewall: bool | None = None


def put(aws: Aws, environment: str, wishes: EdgeWishes) -> Iterator[str]:
    """Bring domain and firewall to where they are wanted, and say what a person must do. Raises Problem."""
    api = chalice.deployed(aws, environment).api_id
    stage = chalice.setting(PROJECT, environment, "api_gateway_stage")
    firewall.put(aws, environment, api, stage, wanted=wishes.firewall)
    yield from domain.put(aws, environment, api, stage, wishes.domain)


def delete(aws: Aws, environment: str) -> None:
    """Delete domain, certificate and firewall. They go before the API, which AWS does not delete while they name it."""
    firewall.delete(aws, environment)
    domain.delete(aws, environment, chalice.found(aws, environment).api or "")
