"""Botocore's descriptions of AWS in the zip: only the services and operations that Takip's functions call.

Botocore describes every operation of every service of AWS. That is more than half of what would ship, and reading it
would be a good part of each cold start. Botocore finds the files where it finds its own, by the same names.
"""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The operations by the service, as botocore names them. A transaction is of one operation, and of several rights.
OPERATIONS = {
    "dynamodb": frozenset(
        {
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "TransactWriteItems",
        }
    ),
    "iot": frozenset({"DescribeEndpoint"}),
    "iot-data": frozenset({"Publish"}),
    "lambda": frozenset({"Invoke"}),
    # A form for an upload is signed as the creation of a bucket, by its address alone.
    "s3": frozenset({"CreateBucket", "DeleteObject", "GetObject", "HeadObject", "PutObject"}),
    "sns": frozenset({"Publish"}),
    "sqs": frozenset({"GetQueueAttributes", "GetQueueUrl", "SendMessage"}),
    "ssm": frozenset({"GetParameter"}),
    "sts": frozenset({"AssumeRole", "GetCallerIdentity"}),
}
_MODEL, _RULES = "service-2.json.gz", "endpoint-rule-set-1.json.gz"
_NOTES = frozenset({"documentation", "documentationUrl", "examples"})


def trim(packages: Path) -> None:
    """Reduce the descriptions in the unpacked packages to what is called. Raises KeyError for an unknown operation."""
    data = packages / "botocore" / "data"
    for service in [folder for folder in data.iterdir() if folder.is_dir()]:
        if service.name in OPERATIONS:
            _trim_service(service, OPERATIONS[service.name])
        else:
            shutil.rmtree(service)
    endpoints = json.loads((data / "endpoints.json").read_bytes())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: service for name, service in partition["services"].items() if name in OPERATIONS}
    _write(data / "endpoints.json", endpoints)


def _trim_service(service: Path, operations: frozenset[str]) -> None:
    """Keep the newest version of a service: its endpoints, these operations, and the shapes that they need."""
    *olds, newest = sorted(folder for folder in service.iterdir() if (folder / _MODEL).exists())
    for old in [*olds, *(folder for folder in service.iterdir() if not (folder / _MODEL).exists())]:
        shutil.rmtree(old)
    for path in [path for path in newest.iterdir() if path.name not in {_MODEL, _RULES}]:
        path.unlink()
    model = json.loads(gzip.decompress((newest / _MODEL).read_bytes()))
    model["operations"] = {name: model["operations"][name] for name in sorted(operations)}
    needed = set(_named(model["operations"]))
    while missing := {name for shape in needed for name in _named(model["shapes"][shape])} - needed:
        needed |= missing
    model["shapes"] = {name: shape for name, shape in model["shapes"].items() if name in needed}
    for parameter in model.get("clientContextParams", {}).values():
        parameter["documentation"] = []  # botocore asks for it; a text would be left out
    for name, content in ((_MODEL, model), (_RULES, json.loads(gzip.decompress((newest / _RULES).read_bytes())))):
        (newest / name).unlink()
        _write((newest / name).with_suffix(""), content)  # the zip compresses it


def _named(part: Any) -> Iterator[str]:
    """The names of the shapes that a part of a model refers to."""
    for name, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if name == "shape" and isinstance(value, str):
            yield value
        else:
            yield from _named(value)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(_without_notes(content), separators=(",", ":")), encoding="utf-8")


def _without_notes(part: Any) -> Any:
    """A part of a description without its texts for people. Members of shapes may have the same names; they stay."""
    if isinstance(part, dict):
        return {
            name: _without_notes(value)
            for name, value in part.items()
            if name not in _NOTES or not isinstance(value, str)
        }
    return [_without_notes(value) for value in part] if isinstance(part, list) else part
