"""Requests and answers of DynamoDB, passed on by botocore as they are.

Botocore walks through every value of every item to look for times and bytes. That is most of the CPU time of a list.
Items have no times, and `typed` knows bytes. This file leans on two methods inside botocore, one of its parser and one
of its serializer; `tests/storage/test_passing.py` fails if they change. If they were not called any more, everything
would still be right, and slower.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.config import Config
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.serialize import JSONSerializer
from botocore.session import Session

VALUE = "AttributeValue"
"""The name of the shape of a value in botocore's model of DynamoDB."""


class Parser(JSONParser):
    """Reads answers, and leaves values as JSON has them: bytes in base64."""

    def _handle_map(self, shape: Any, value: Any) -> Any:
        if shape.value.name == VALUE:
            return value
        return super()._handle_map(shape, value)  # type: ignore[misc]  # its types leave it out


class Serializer(JSONSerializer):
    """Writes requests, and takes values as they are, except bytes."""

    def _serialize_type_map(self, serialized: Any, value: Any, shape: Any, key: Any) -> None:
        if shape.value.name == VALUE:
            serialized[key] = {name: _in_json(each) for name, each in value.items()}
        else:
            super()._serialize_type_map(serialized, value, shape, key)  # type: ignore[misc]  # its types leave it out


class Parsers(ResponseParserFactory):
    """Makes the parsers of a session's clients."""

    def create_parser(self, protocol_name: str) -> Any:
        """The parser of a protocol. DynamoDB's is `json`."""
        return Parser() if protocol_name == "json" else super().create_parser(protocol_name)


class Passing(BaseClient):
    """The base of a client that passes values on."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts | {"serializer": Serializer()})


def prepare(session: Session) -> None:
    """Let the DynamoDB clients that this session makes pass values on.

    Botocore puts a text together that describes itself, Python and the machine, for each request, twice. Here it is
    made once.
    """
    session.register_component("response_parser_factory", Parsers())
    session.register("creating-client-class.dynamodb", _pass_on)
    session.set_default_client_config(Config(user_agent=session.user_agent()))


def _pass_on(**creating: Any) -> None:
    creating["base_classes"].insert(0, Passing)


def _in_json(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A value as JSON has it. JSON has no bytes."""
    ((kind, held),) = value.items()
    if kind == "M":
        return {"M": {name: _in_json(each) for name, each in held.items()}}
    if kind == "L":
        return {"L": [_in_json(each) for each in held]}
    return {"B": b64encode(held).decode()} if kind == "B" else value
