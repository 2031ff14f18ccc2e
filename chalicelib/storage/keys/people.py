"""Keys of tenants and of the people of each."""

from chalicelib.storage.keys.shape import Key, of

TENANTS = "TENANTS"
"""GSI1 partition: all tenants, by id; the only list that is nobody's."""


def tenant(tenant_id: str) -> Key:
    """A tenant and its settings."""
    return Key(of(tenant_id), "TENANT")


def login(tenant: str, name: str) -> Key:
    """The login of a username, as names are compared."""
    return Key(of(tenant, "LOGIN", name), "LOGIN")


def users(tenant: str) -> str:
    """The partition of all people."""
    return of(tenant, "USERS")


def user(tenant: str, user_id: str) -> Key:
    """One person."""
    return Key(users(tenant), f"USER#{user_id}")
