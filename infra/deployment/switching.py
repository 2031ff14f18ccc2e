"""Another table for what serves: a release of the same code that names it, and what has to follow it.

The release comes to serve like any other, and `rollback` is its way back: code and environment go back together, and
the stream and the alarms follow the table that serves then.
"""

import hashlib
from base64 import b64encode
from collections.abc import Collection
from typing import Any

import httpx

from infra.aws import Aws
from infra.deployment import callers, releasing, tables, versions, watching
from infra.deployment.chalice import RELEASE
from infra.deployment.found import API, function_name
from infra.deployment.live import LIVE
from infra.deployment.releasing import Rollout, Step
from infra.deployment.versions import Known, Origin, Release
from infra.problem import Problem

_WAIT = {"Delay": 1, "MaxAttempts": 120}


def switch(aws: Aws, environment: str, functions: Collection[str], table: str, step: Step, rollout: Rollout) -> int:
    """Let what serves go on with another table, as a release. Returns its number.

    Raises Problem if the release must not serve; then the one before serves everything, with its table.
    """
    there = tables.every(aws, environment)
    if table not in there:
        raise Problem(f"{environment} has no table {table}. Its tables: {', '.join(there) or 'none'}.")
    known = releasing.read(aws, environment, functions)
    number = known.last + 1
    with step(f"Giving what serves the table {table}, as release {number}"):
        _give(aws, functions, table, number)
    releasing.bring(aws, environment, functions, number, step, rollout, origin=_origin(known, environment))
    with step("Letting the stream and the alarms follow"):
        follow(aws, environment)
    return number


def follow(aws: Aws, environment: str, *, surely: bool = False) -> str:
    """Let the stream of the table that serves call, and alarms and dashboards look at it. Returns the table.

    Where the stream does already, nothing is changed, but alarms and dashboards if `surely`: an earlier run may have
    been interrupted between both.
    """
    table = tables.serving(aws, environment)
    if callers.follow(aws, function_name(environment, "send_events"), table) or surely:
        watching.put(aws, environment)
    return table


def beside(aws: Aws, environment: str, functions: Collection[str], table: str) -> Release:
    """Publish what serves with another table, without letting it serve. `forget` takes it away again."""
    known = releasing.read(aws, environment, functions)
    _give(aws, functions, table, known.last + 1)
    versions.publish(aws, functions, function_name(environment, API), known.last + 1, _origin(known, environment))
    return releasing.read(aws, environment, functions).releases[0]


def forget(aws: Aws, environment: str, functions: Collection[str], table: str) -> None:
    """Take away the versions of functions that have a table, and leave the newest code with what serves."""
    client = aws.client("lambda")
    for function in functions:
        for page in client.get_paginator("list_versions_by_function").paginate(FunctionName=function):
            for each in page["Versions"]:
                named = each.get("Environment", {}).get("Variables", {}).get(tables.VARIABLE)
                if named == table and each["Version"] != "$LATEST":
                    client.delete_function(FunctionName=function, Qualifier=each["Version"])
    _give(aws, functions, tables.serving(aws, environment), releasing.read(aws, environment, functions).last)


def _origin(known: Known, environment: str) -> Origin:
    """Where the code comes from that serves."""
    release = known.release(known.serving(function_name(environment, API)))
    return release.origin if release else Origin()


def _give(aws: Aws, functions: Collection[str], table: str, number: int) -> None:
    """Make the newest code and environment of functions those that serve, but for the table and the release."""
    client = aws.client("lambda")
    for function in functions:
        serves = client.get_function(FunctionName=function, Qualifier=LIVE)
        served, newest = serves["Configuration"], client.get_function_configuration(FunctionName=function)
        if served["CodeSha256"] != newest["CodeSha256"]:  # a newer release was rolled back
            client.update_function_code(FunctionName=function, ZipFile=_code(serves["Code"]["Location"], served))
            client.get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig=_WAIT)
        variables = served["Environment"]["Variables"] | {tables.VARIABLE: table, RELEASE: str(number)}
        client.update_function_configuration(FunctionName=function, Environment={"Variables": variables})


def _code(location: str, served: dict[str, Any]) -> bytes:
    """The zip of a version. Raises Problem if it is not that of the version: the emulator has only the newest one."""
    code = httpx.get(location, timeout=60).raise_for_status().content
    if b64encode(hashlib.sha256(code).digest()).decode() != served["CodeSha256"]:
        raise Problem(
            f"The code of {served['FunctionName']} that serves could not be fetched. Deploy the release that shall "
            "serve, then switch."
        )
    return code
