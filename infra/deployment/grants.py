"""A grant: rights on AWS that deploying needs, as `infra/deployment/rights.py` lists them."""

from dataclasses import dataclass

# The table of the stack, and those that restores make (infra/deployment/tables.py).
TABLES = tuple(
    f"arn:aws:dynamodb:{{region}}:{{account}}:table/takip-{{environment}}{which}" for which in ("", "-restored-*")
)


@dataclass(frozen=True)
class Grant:
    """Actions of one service on resources. `{region}`, `{account}` and `{environment}` stand in the ARNs."""

    name: str
    service: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def named(self) -> list[str]:
        """The actions, as IAM names them."""
        return [f"{self.service}:{action}" for action in self.actions]

    def on(self, region: str, account: str, environment: str) -> list[str]:
        """The ARNs of the resources."""
        return [each.format(region=region, account=account, environment=environment) for each in self.resources]
