"""What stands in gateway.toml. It is checked when the gateway starts."""

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]


class Table(BaseModel):
    """A table of the file. A name that the gateway does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Signal(Table):
    """The reading that a value becomes: value x scale + offset, or the state that stands beside the value."""

    type: str
    sensor: Id = "main"
    scale: float = 1
    offset: float = 0
    states: dict[str, str] = {}

    def read(self, value: object) -> object:
        """The value of the reading. What cannot be scaled, or is no known state, is sent as it is."""
        if self.states:
            return self.states.get(str(value), value)
        if isinstance(value, int | float) and not isinstance(value, bool) and (self.scale, self.offset) != (1, 0):
            with suppress(OverflowError):
                return value * self.scale + self.offset
        return value


class OpcUaSignal(Signal):
    """A variable of an OPC UA server."""

    node: str


class Security(Table):
    """Certificates of an OPC UA connection that is signed and encrypted (Basic256Sha256), as files `*.pem` or `*.der`.

    The gateway speaks only to the server that has `server_certificate`.
    """

    certificate: Path
    key: Path
    server_certificate: Path
    application_uri: str = "urn:takip:gateway"


class OpcUa(Table):
    """An OPC UA server of a machine. The user may stand in the URL: opc.tcp://user:password@host:4840.

    The server looks at its variables every `sample_seconds`, and tells changes every `publish_seconds`.
    `history`: the server keeps its values, so after an interruption the gateway asks for those that it missed.
    """

    url: str
    security: Security | None = None
    machine: Id
    sample_seconds: Seconds = 0.1
    publish_seconds: Seconds = 0.5
    history: bool = False
    signal: tuple[OpcUaSignal, ...] = Field(min_length=1)


class ModbusSignal(Signal):
    """A register, or a coil, of a Modbus device. `address` counts from 0."""

    register_type: Literal["holding", "input", "coil", "discrete"] = Field("holding", alias="register")
    address: int = Field(ge=0, le=65535)
    format: Literal["int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"] = "uint16"
    word_order: Literal["big", "little"] = "big"

    @property
    def is_bit(self) -> bool:
        """Whether it is one bit and not a register."""
        return self.register_type in ("coil", "discrete")


class Modbus(Table):
    """A Modbus TCP device of a machine, which is asked every so many seconds."""

    host: str
    port: Port = 502
    device_id: int = Field(1, ge=0, le=255)
    machine: Id
    every_seconds: Seconds = 1
    signal: tuple[ModbusSignal, ...] = Field(min_length=1)


class Tls(Table):
    """Certificates of an MQTT connection, as files in PEM."""

    ca: Path
    certificate: Path | None = None
    key: Path | None = None


class MqttSignal(Signal):
    """What comes on a topic of an MQTT broker.

    `value`, `at` and `seq` name fields of a JSON payload. Without `value`, the payload is itself the value. `at` is
    RFC 3339 text or milliseconds since 1970; without it the gateway's clock counts.
    """

    topic: str
    machine: Id
    value: str | None = None
    at: str | None = None
    seq: str | None = None


class Mqtt(Table):
    """An MQTT broker in the plant. It keeps for this client what it could not deliver."""

    host: str
    port: Port = 1883
    client_id: str = "takip-gateway"
    username: str | None = None
    password: str | None = None
    tls: Tls | None = None
    signal: tuple[MqttSignal, ...] = Field(min_length=1)


class Sqs(Table):
    """Takip's readings queue. Credentials come from where the AWS command line takes them."""

    queue_url: str
    region: str


class Iot(Table):
    """The MQTT endpoint of AWS IoT, with the certificate of this gateway."""

    host: str
    port: Port = 8883
    client_id: str
    tls: Tls


class Batch(Table):
    """A message has up to so many readings. It goes when it is full, or when its oldest reading is so old.

    500 readings are less than the 128 KB that AWS IoT takes.
    """

    readings: int = Field(60, ge=1, le=500)
    seconds: Seconds = 10


class Config(Table):
    """The whole file. `store` is the file on disk in which readings wait."""

    tenant: Id = "default"
    store: Path = Path("gateway.db")
    store_megabytes: int = Field(1_000, ge=1)
    batch: Batch = Batch()
    sqs: Sqs | None = None
    iot: Iot | None = None
    opcua: tuple[OpcUa, ...] = ()
    modbus: tuple[Modbus, ...] = ()
    mqtt: tuple[Mqtt, ...] = ()

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        if (self.sqs is None) == (self.iot is None):
            raise ValueError("either [sqs] or [iot] must be there: the way to Takip")
        if not (self.opcua or self.modbus or self.mqtt):
            raise ValueError("at least one [[opcua]], [[modbus]] or [[mqtt]] must be there: what to read")
        return self


def load(path: Path) -> Config:
    """Read the file. Paths in it may be relative to the folder in which the gateway is started.

    Raises OSError, tomllib.TOMLDecodeError, or pydantic.ValidationError, which names every wrong field.
    """
    return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
