"""The shapes of the keys with which machines send."""

from datetime import date

from chalicelib.domain.machines import machine_keys
from chalicelib.schemas.base import Body, Out, left_out
from chalicelib.schemas.values import InstantOut, Line


class NewMachineKey(Body):
    """A new key of a machine."""

    name: Line

    def payload(self) -> machine_keys.NewMachineKey:
        """The name of the key."""
        return self.made_into(machine_keys.NewMachineKey)


class MachineKeyOut(Out):
    """A key of a machine. `last_used_on` is a day (UTC), null if it was never used."""

    id: str
    machine_id: str
    name: str
    created_at: InstantOut
    created_by: str
    last_used_on: date | None
    revoked_at: InstantOut | None


class CreatedMachineKeyOut(MachineKeyOut):
    """A new key of a machine. `key` is what the machine sends; a repeated request is answered without it."""

    key: str | None = left_out()
