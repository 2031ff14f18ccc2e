"""The policy that deploying needs."""

import json

from infra.deployment.rights import policy


def deployers_policy() -> str:
    """The policy in JSON, for all environments of an account."""
    return f"```json\n{json.dumps(policy(), indent=2)}\n```\n"
