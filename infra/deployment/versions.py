"""Releases: a version of every function under one number, and the alias `live` that says which version serves.

The number, and where a release comes from, stand in the description of each version. The version of the API is
published last: where it is, the release is whole. What an alias serves, and what it served before, stand in its own
description. So every computer reads the same, and no file remembers it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from infra.aws import Aws
from infra.deployment.live import LIVE

Made = TypeVar("Made")
_WAIT = {"Delay": 1, "MaxAttempts": 120}


@dataclass(frozen=True)
class Origin:
    """Where a release comes from: the version of Takip, the commit, and who published it.

    `reads` are the oldest and the newest schema that it reads, such as "1-2". A release that says nothing knows the
    first one.
    """

    app: str = "unknown"
    commit: str = "unknown"
    reads: str = "1-1"
    by: str = "unknown"  # it may be long, and the description is cut

    @property
    def schemas(self) -> tuple[int, int]:
        """The oldest and the newest schema that it reads."""
        oldest, newest = self.reads.split("-")
        return int(oldest), int(newest)


@dataclass(frozen=True)
class Release:
    """A release: its number, where it comes from, when it was published, and the version of each function."""

    number: int
    origin: Origin
    at: datetime
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Alias:
    """What an alias serves: a version, the shares of others, and the number of the release that it served before."""

    version: str
    shares: Mapping[str, float]
    before: int | None


@dataclass(frozen=True)
class Known:
    """The whole releases of an environment, the newest first, the last number that was given, and the aliases."""

    releases: tuple[Release, ...]
    last: int
    aliases: Mapping[str, Alias]
    versions: Mapping[str, Mapping[int, str]]

    def release(self, number: int | None) -> Release | None:
        """The release of a number."""
        return next((each for each in self.releases if each.number == number), None)

    def serving(self, function: str) -> int | None:
        """The number of the release that a function's alias serves."""
        alias = self.aliases.get(function)
        return next((n for n, version in self.versions[function].items() if alias and version == alias.version), None)


def read(aws: Aws, functions: Collection[str], api: str) -> Known:
    """Read the releases and the aliases of functions. `api` is that of the API. There may be none."""
    client = aws.client("lambda")
    described = _each(functions, lambda function: _described(client, function))
    found = _each(functions, lambda function: _alias(client, function))
    versions = {function: {n: each["Version"] for n, each in its.items()} for function, its in described.items()}
    whole = [
        Release(
            number,
            _origin(each["Description"]),
            datetime.fromisoformat(each["LastModified"]),
            {function: its[number] for function, its in versions.items() if number in its},
        )
        for number, each in sorted(described.get(api, {}).items(), reverse=True)
    ]
    last = max((number for its in versions.values() for number in its), default=0)
    return Known(tuple(whole), last, {name: alias for name, alias in found.items() if alias}, versions)


def publish(aws: Aws, functions: Collection[str], api: str, number: int, origin: Origin) -> dict[str, str]:
    """Publish the newest code and environment of functions under a number, that of the API last.

    Returns the version of each. That of a function that was published before as it is has its former number.
    """
    client = aws.client("lambda")
    told = {"release": number, **asdict(origin)}
    description = " ".join(f"{name}={value}" for name, value in told.items())

    def one(function: str) -> str:
        client.get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig=_WAIT)
        made = client.publish_version(FunctionName=function, Description=description[:256])
        version: str = made["Version"]
        client.get_waiter("published_version_active").wait(FunctionName=function, Qualifier=version, WaiterConfig=_WAIT)
        return version

    published = _each(set(functions) - {api}, one)
    return published | ({api: one(api)} if api in functions else {})


def serve(aws: Aws, known: Known, number: int, targets: Mapping[str, str]) -> None:
    """Let aliases serve the versions of a release, by function, whole and at once. Others stay as they are."""

    def one(function: str) -> None:
        was, alias = known.serving(function), known.aliases.get(function)
        before = was if was != number or alias is None else alias.before
        target = {
            "FunctionName": function,
            "Name": LIVE,
            "FunctionVersion": targets[function],
            "Description": f"release={number}" + (f" before={before}" if before else ""),
        }
        if alias is None:
            aws.client("lambda").create_alias(**target)
        else:
            aws.client("lambda").update_alias(**target, RoutingConfig={"AdditionalVersionWeights": {}})

    _each(targets, one)


def share(aws: Aws, known: Known, release: Release, weight: float) -> None:
    """Give a release a share of the calls, beside what each alias serves; 0 takes it away."""

    def one(function: str) -> None:
        alias, version = known.aliases[function], release.versions[function]
        weights = {version: weight} if weight and version != alias.version else {}
        aws.client("lambda").update_alias(
            FunctionName=function, Name=LIVE, RoutingConfig={"AdditionalVersionWeights": weights}
        )

    _each(release.versions.keys() & known.aliases.keys(), one)


def prune(aws: Aws, known: Known, keep: int) -> None:
    """Delete all versions but those of the newest `keep` releases, of what serves, and of what served before."""
    aliases = known.aliases.values()
    kept = {each.number for each in known.releases[:keep]} | {alias.before for alias in aliases}
    used = {version for alias in aliases for version in (alias.version, *alias.shares)}
    client = aws.client("lambda")

    def one(function: str) -> None:
        for number, version in known.versions[function].items():
            if number not in kept and version not in used:
                with suppress(client.exceptions.ResourceConflictException):  # an alias of somebody else names it
                    client.delete_function(FunctionName=function, Qualifier=version)

    _each(known.versions, one)


def _described(client: Any, function: str) -> dict[int, Any]:
    """The versions of a function that belong to releases, by number. The newest one of a number counts."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    found = (
        (re.match(r"release=(\d+)", each.get("Description", "")), each) for page in pages for each in page["Versions"]
    )
    return {int(match[1]): each for match, each in found if match and each["Version"] != "$LATEST"}


def _alias(client: Any, function: str) -> Alias | None:
    try:
        found = client.get_alias(FunctionName=function, Name=LIVE)
    except client.exceptions.ResourceNotFoundException:
        return None
    before = re.search(r"before=(\d+)", found.get("Description", ""))
    shares = found.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    return Alias(found["FunctionVersion"], shares, int(before[1]) if before else None)


def _origin(description: str) -> Origin:
    told = dict(part.split("=", 1) for part in description.split() if "=" in part)
    return Origin(**{name: told[name] for name in (field.name for field in fields(Origin)) if name in told})


def _each(functions: Iterable[str], act: Callable[[str], Made]) -> dict[str, Made]:
    """Do the same for every function at once. Raises what one of them raises, after all have ended."""
    names = list(functions)
    with ThreadPoolExecutor(max_workers=max(1, len(names))) as pool:
        return dict(zip(names, pool.map(act, names), strict=True))
