"""Botocore passes values on, and says the same to DynamoDB as without it."""

import json
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.model import OperationModel
from botocore.parsers import JSONParser
from botocore.serialize import JSONSerializer
from botocore.session import Session, get_session

from chalicelib.storage.passing import Parser, Parsers, Serializer, prepare
from chalicelib.storage.typed import plain

ITEM = {"a": {"S": "x"}, "b": {"M": {"c": {"L": [{"B": "AAE="}, {"N": "1"}]}}}, "d": {"B": "AAE="}, "e": {"SS": ["x"]}}
RAW = {"a": {"S": "x"}, "b": {"M": {"c": {"L": [{"B": b"\0\1"}, {"N": "1"}]}}}, "d": {"B": b"\0\1"}, "e": {"SS": ["x"]}}
UNKNOWN = {"a": {"X": "x"}}
"""A value that botocore itself would refuse to write and leave out where it reads."""

ANSWERS = {
    "GetItem": {"Item": ITEM},
    "Query": {"Items": [ITEM, ITEM], "Count": 2, "LastEvaluatedKey": {"PK": {"S": "x"}}},
    "BatchGetItem": {"Responses": {"takip": [ITEM]}, "UnprocessedKeys": {"takip": {"Keys": [{"PK": {"S": "x"}}]}}},
}
ASKED = {
    "PutItem": {"TableName": "takip", "Item": RAW, "ExpressionAttributeNames": {"#0": "a"}},
    "BatchWriteItem": {"RequestItems": {"takip": [{"PutRequest": {"Item": RAW}}]}},
    "TransactWriteItems": {
        "TransactItems": [
            {"Put": {"TableName": "takip", "Item": RAW, "ExpressionAttributeValues": {":0": {"N": "1"}}}},
            {"Delete": {"TableName": "takip", "Key": {"PK": {"S": "x"}}}},
        ]
    },
}


def operation(name: str) -> OperationModel:
    return get_session().get_service_model("dynamodb").operation_model(name)


def read(parser: JSONParser, name: str, answer: object) -> Any:
    response = {"status_code": 200, "headers": {}, "body": json.dumps(answer).encode()}
    shape: Any = operation(name).output_shape
    parsed: Any = parser.parse(response, shape)
    parsed.pop("ResponseMetadata")
    return parsed


def with_plain_values(answer: Any) -> Any:
    """An answer in which each value is the one that it means."""
    if isinstance(answer, list):
        return [with_plain_values(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    is_value = len(answer) == 1 and next(iter(answer)) in ("S", "N", "M", "L", "B", "SS")
    return plain(answer) if is_value else {name: with_plain_values(each) for name, each in answer.items()}


@pytest.mark.parametrize(("name", "answer"), ANSWERS.items())
def test_an_answer_is_read_as_json_has_it_and_means_what_it_means_to_botocore(name: str, answer: object) -> None:
    ours = read(Parser(), name, answer)

    assert ours == answer
    assert with_plain_values(ours) == with_plain_values(read(JSONParser(), name, answer))


def test_botocore_hands_the_values_of_an_answer_to_us() -> None:
    assert read(Parser(), "GetItem", {"Item": UNKNOWN})["Item"] == UNKNOWN
    assert read(JSONParser(), "GetItem", {"Item": UNKNOWN})["Item"] != UNKNOWN


@pytest.mark.parametrize(("name", "asked"), ASKED.items())
def test_a_request_is_written_as_botocore_writes_it(name: str, asked: dict[str, Any]) -> None:
    ours, theirs = (
        serializer.serialize_to_request(asked, operation(name)) for serializer in (Serializer(), JSONSerializer())
    )

    assert ours == theirs


def test_botocore_hands_the_values_of_a_request_to_us() -> None:
    asked = {"TableName": "takip", "Item": UNKNOWN}

    assert json.loads(Serializer().serialize_to_request(asked, operation("PutItem"))["body"]) == asked
    with pytest.raises(KeyError):
        JSONSerializer().serialize_to_request(asked, operation("PutItem"))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session that is prepared, with credentials."""
    made = get_session()
    made.set_credentials("test", "test")
    prepare(made)
    return made


class Body:
    """The body of an answer."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: object) -> list[bytes]:
        return [self._content]


def test_a_client_of_the_session_passes_values_on_and_names_itself_once(session: Session) -> None:
    client: Any = session.create_client("dynamodb", "eu-central-1")
    sent = list[Any]()

    def answer(request: Any, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse("", 200, HTTPHeaders(), Body(json.dumps({"Item": ITEM}).encode()))

    client.meta.events.register("before-send.dynamodb", answer)

    assert client.get_item(TableName="takip", Key={"PK": {"B": b"\0\1"}})["Item"] == ITEM
    assert json.loads(sent[0].body)["Key"] == {"PK": {"B": "AAE="}}
    assert sent[0].headers["User-Agent"].decode().startswith(session.user_agent())


def test_other_protocols_keep_botocores_parsers() -> None:
    assert not isinstance(Parsers().create_parser("query"), JSONParser)
