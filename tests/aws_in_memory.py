"""The in-memory AWS of a test: what the test before may have changed is made anew, because making all takes longer."""

import base64
import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import boto3
from botocore.handlers import BUILTIN_HANDLERS
from botocore.loaders import JSONFileLoader
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.storage.items import Item
from chalicelib.storage.writes import Write
from tests.items_in_memory import table_in

Environment = Mapping[str, str]
"""The environment variables of the tests, which name what is made."""

_READS = ("Get", "List", "Describe", "Head")
_OF_ITEMS = ("Batch", "Transact", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem")
_changed: set[str] = set()
# Their types know each service alone.
_backend: Any = get_backend
_client: Any = boto3.client


class Clients(NamedTuple):
    """Clients of the in-memory AWS, made once, because making one takes longer than most tests."""

    sqs: Any
    ssm: Any
    sns: Any
    s3: Any


def clients() -> Clients:
    """The clients of an in-memory AWS in which nothing has been made."""
    _changed.update(_MAKE)
    return _clients()


@cache
def _clients() -> Clients:
    return Clients(*(_client(service) for service in Clients._fields))


def bucket(environment: Environment) -> str:
    """The whole name of the bucket, which ends with the account."""
    return f"{environment['TAKIP_FILES_BUCKET']}-{DEFAULT_ACCOUNT_ID}"


def watch() -> None:
    """Note which services change. All items are deleted before each test, so changes of items need no note."""
    BUILTIN_HANDLERS.insert(0, ("before-send", _note))


def read_once() -> None:
    """Read each of botocore's models once. Every new session reads them anew, and a test has one of its own.

    Each gets a copy, because moto changes the errors of a model for itself.
    """
    loader: Any = JSONFileLoader
    load = loader().load_file
    read = cache(lambda path: pickle.dumps(load(path)))
    loader.load_file = lambda _loader, path: pickle.loads(read(path))  # noqa: S301  its own


def _note(event_name: str, **_more: object) -> None:
    _, service, operation = event_name.split(".")
    if not operation.startswith(_READS) and not (service == "dynamodb" and operation.startswith(_OF_ITEMS)):
        _changed.add(service)


def make(aws: Clients, environment: Environment) -> None:
    """Make an empty table, queues, a topic, a bucket and signing keys, or leave them if they are as they were made."""
    region = environment["AWS_DEFAULT_REGION"]
    for service in _MAKE.keys() & _changed:
        _backend(service)[DEFAULT_ACCOUNT_ID]["aws" if service == "s3" else region].reset()
        _MAKE[service](aws, environment)
    table_in(region, environment["TAKIP_TABLE"]).items = defaultdict(dict)
    _changed.clear()


def put(environment: Environment, write: Write) -> None:
    """Put the items of a write into the table, without a request, and without its conditions."""
    table = table_in(environment["AWS_DEFAULT_REGION"], environment["TAKIP_TABLE"])
    for each in write.puts:
        table.put_item(json.loads(json.dumps(each.item.get_save_kwargs_from_instance()["Item"])))


def _table(_aws: Clients, _environment: Environment) -> None:
    Item.create_table(billing_mode="PAY_PER_REQUEST")


def _queues(aws: Clients, environment: Environment) -> None:
    for name in ("READINGS", "AGGREGATES", "PICTURES", "WEBHOOKS"):
        aws.sqs.create_queue(QueueName=environment[f"TAKIP_{name}_QUEUE"])


def _topic(aws: Clients, environment: Environment) -> None:
    aws.sns.create_topic(Name=environment["TAKIP_EVENTS_TOPIC"])


def _bucket(aws: Clients, environment: Environment) -> None:
    here = {"LocationConstraint": environment["AWS_DEFAULT_REGION"]}
    aws.s3.create_bucket(Bucket=bucket(environment), CreateBucketConfiguration=here)


def _signing_keys(aws: Clients, environment: Environment) -> None:
    secret = base64.urlsafe_b64encode(bytes(range(32))).decode()
    ring = {"k1": {"secret": secret, "signs_from": "2020-01-01T00:00:00.000Z"}}
    aws.ssm.put_parameter(Name=environment["TAKIP_SIGNING_KEYS"], Value=json.dumps(ring), Type="SecureString")


_MAKE: Mapping[str, Callable[[Clients, Environment], None]] = {
    "dynamodb": _table,
    "sqs": _queues,
    "sns": _topic,
    "s3": _bucket,
    "ssm": _signing_keys,
}
