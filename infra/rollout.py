"""How a release comes to serve an environment that people use: tried by a probe, then watched with a share."""

import json
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib import clock
from infra import probe
from infra.administration import ask, make_admin
from infra.aws import Aws
from infra.deployment.chalice import configured
from infra.deployment.found import function_name
from infra.deployment.live import LIVE, live
from infra.deployment.releasing import Rollout
from infra.deployment.versions import Release
from infra.deployment.watching import watched
from infra.deployment.watching.template import unhealthy
from infra.problem import Problem

_SECONDS_BETWEEN_LOOKS = 15
# So many failed runs of the new versions are more than a lost connection.
_MOST_FAILURES = 3


def careful(aws: Aws, environment: str, minutes: int) -> Rollout:
    """A release is tried, and then watched for so many minutes with a share of the calls; 0: only tried."""

    def try_it(release: Release) -> None:
        _prove(aws, environment, release.versions)

    return Rollout(try_it, (lambda release: watch(aws, environment, release, minutes)) if minutes else None)


def prove_live(aws: Aws, environment: str) -> None:
    """Try what serves now, and write the outcome as the metric of an alarm. Raises Problem if it does not work."""
    failed = True
    try:
        _prove(aws, environment, {function_name(environment, each): LIVE for each in configured(environment)})
        failed = False
    finally:
        metric = watched(environment).own("ProbeFailed").named()
        told = {"MetricName": metric["MetricName"], "Dimensions": metric["Dimensions"], "Value": int(failed)}
        aws.client("cloudwatch").put_metric_data(Namespace=metric["Namespace"], MetricData=[told])


def _prove(aws: Aws, environment: str, versions: Mapping[str, str]) -> None:
    """Try functions: of each, by its name in AWS, the version or the alias that is called. Raises Problem."""
    username, password = f"probe-{secrets.token_hex(4)}", secrets.token_urlsafe(24)
    if all(each["id"] != probe.TENANT for each in ask(aws, environment, "list tenants", {})):
        list(ask(aws, environment, "create tenant", {"id": probe.TENANT, "settings": {}}))
    make_admin(aws, environment, username, password, probe.TENANT)
    probe.run(_calls(aws, environment, versions), username, password)


def watch(aws: Aws, environment: str, release: Release, minutes: int) -> None:
    """Look for some minutes at the alarm `takip-<environment>-unhealthy`, and at the failed runs of a release.

    Raises Problem if the alarm rings, or if too many runs fail. The alarm must not ring before: it would tell nothing.
    """
    name = unhealthy(environment)
    if _rings(aws, name):
        raise Problem(
            f"The alarm {name} rings already, so it cannot tell whether the release is good.\n"
            "Wait until it is quiet. If this release is the remedy, let it serve at once: --watch 0"
        )
    deadline = time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        if reason := _rings(aws, name):
            raise Problem(f"The alarm {name} rings: {reason}")
        failures = _failed_runs(aws, release, minutes)
        if failures > _MOST_FAILURES:
            raise Problem(f"{failures} runs of release {release.number} failed. The logs tell why.")


def _calls(aws: Aws, environment: str, versions: Mapping[str, str]) -> probe.Call:
    client = aws.client("lambda")

    def call(function: str, event: dict[str, Any]) -> Any:
        name = function_name(environment, function)
        answer = client.invoke(FunctionName=name, Qualifier=versions[name], Payload=json.dumps(event).encode())
        said = answer["Payload"].read().decode()
        if "FunctionError" in answer:
            raise Problem(f"The function {function} failed when the probe called it: {said}")
        return json.loads(said)

    return call


def _rings(aws: Aws, name: str) -> str | None:
    """Why an alarm rings; None if it is quiet. Raises Problem if there is no such alarm."""
    found = aws.client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = [*found.get("MetricAlarms", ()), *found.get("CompositeAlarms", ())]
    if not alarms:
        raise Problem(f"There is no alarm {name}, so nothing would tell whether the release is good.")
    return next(
        (each.get("StateReason", "it tells no reason") for each in alarms if each["StateValue"] == "ALARM"), None
    )


def _failed_runs(aws: Aws, release: Release, minutes: int) -> int:
    """How many runs of a release failed in the last minutes. Only runs that its share brought count."""
    queries = [
        {
            "Id": f"f{n}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/Lambda",
                    "MetricName": "Errors",
                    "Dimensions": [
                        {"Name": "FunctionName", "Value": function},
                        {"Name": "Resource", "Value": live(function)},
                        {"Name": "ExecutedVersion", "Value": version},
                    ],
                },
                "Period": 60,
                "Stat": "Sum",
            },
        }
        for n, (function, version) in enumerate(release.versions.items())
    ]
    now = clock.now()
    span = {"StartTime": now - timedelta(minutes=minutes), "EndTime": now}
    found = aws.client("cloudwatch").get_metric_data(MetricDataQueries=queries, **span)
    return int(sum(value for each in found["MetricDataResults"] for value in each["Values"]))
