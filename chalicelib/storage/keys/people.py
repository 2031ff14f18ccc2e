"""Keys of tenants and their people."""

from datetime import date, datetime

from chalicelib.storage.keys.shape import Key, month_of, of, time_key

TENANTS = "TENANTS"
"""GSI1 partition: all tenants, by id. It is the only list that belongs to no tenant."""


DEVICE_PREFIX = "DEVICE#"


def tenant(tenant_id: str) -> Key:
    """A tenant and its settings."""
    return Key(of(tenant_id), "TENANT")


def login(tenant: str, name: str) -> Key:
    """The login of a username, in the form in which usernames are compared."""
    return Key(of(tenant, "LOGIN", name), "LOGIN")


def users(tenant: str) -> str:
    """The partition of all people."""
    return of(tenant, "USERS")


def user(tenant: str, user_id: str) -> Key:
    """One person."""
    return Key(users(tenant), f"USER#{user_id}")


def admins(tenant: str) -> Key:
    """The list of the active admins."""
    return Key(users(tenant), "ADMINS")


def devices(tenant: str, user_id: str) -> str:
    """The partition of the devices of a person."""
    return of(tenant, "USER", user_id)


def device(tenant: str, user_id: str, device_id: str) -> Key:
    """One device of a person."""
    return Key(devices(tenant, user_id), f"{DEVICE_PREFIX}{device_id}")


def terminals(tenant: str) -> Key:
    """The partition of all terminals, and the beginning of their sort keys."""
    return Key(of(tenant, "TERMINALS"), "TERMINAL#")


def terminal(tenant: str, terminal_id: str) -> Key:
    """One terminal with its key."""
    partition, prefix = terminals(tenant)
    return Key(partition, f"{prefix}{terminal_id}")


def old_app_uses(tenant: str) -> str:
    """The partition of who used the old app on which day."""
    return of(tenant, "OLD_APP")


def old_app_use(tenant: str, day: date, user_id: str) -> Key:
    """That a person used the old app on a day."""
    return Key(old_app_uses(tenant), f"{day}#{user_id}")


def terminal_access(tenant: str, user_id: str) -> Key:
    """How a person signs in at terminals."""
    return Key(devices(tenant, user_id), "TERMINAL_ACCESS")


def badge(tenant: str, digest: str) -> Key:
    """Whose a badge is, by the keyed digest of its code."""
    return Key(of(tenant, "BADGE", digest), "BADGE")


def badge_secret(tenant: str) -> Key:
    """The secret with which the badges of a tenant are digested."""
    return Key(of(tenant, "BADGES"), "SECRET")


def throttle_of_name(tenant: str, what: str, address: str, name: str) -> Key:
    """The counter of attempts of one kind for a name from an address."""
    return Key(of(tenant, "THROTTLE", what, address, name), "THROTTLE")


def throttle_of_name_everywhere(tenant: str, what: str, name: str) -> Key:
    """The counter of attempts at something for a name, from all addresses together."""
    return Key(of(tenant, "THROTTLE", what, name), "THROTTLE")


def throttle_of_device(tenant: str, what: str, device_id: str) -> Key:
    """The counter of attempts at something from a device where their person is signed in."""
    return Key(of(tenant, "THROTTLE", what, "DEVICE", device_id), "THROTTLE")


def throttle_of_address(what: str, address: str) -> Key:
    """The counter of attempts of one kind from an address.

    It belongs to no tenant, so that naming other tenants does not evade it.
    """
    return Key(f"THROTTLE#{what}#{address}", "THROTTLE")


def security_event(tenant: str, instant: datetime, event_id: str) -> Key:
    """A security event, in the partition of its month."""
    return Key(of(tenant, "EVENTS", month_of(instant)), time_key(instant, event_id))


def security_events(tenant: str) -> str:
    """GSI2 partition: all security events, by time."""
    return of(tenant, "EVENTS")
