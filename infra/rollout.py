"""How a release comes to serve an environment that people use: tried by a probe, then watched with a share."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib import clock
from infra.aws import Aws
from infra.deployment.found import function_name
from infra.deployment.live import LIVE, live
from infra.deployment.releasing import Rollout
from infra.deployment.versions import Release
from infra.deployment.watching.template import unhealthy
from infra.problem import Problem

_SECONDS_BETWEEN_LOOKS = 15
# So many failed runs of the new versions are more than a lost connection.
_MOST_FAILURES = 3
_PROBE = "probe_plant"
# The event of a schedule, as far as Chalice reads it.
_TICK = dict.fromkeys(("version", "account", "region", "detail-type", "source", "time", "id", "resources"), "")


def careful(aws: Aws, environment: str, minutes: int) -> Rollout:
    """A release is tried, and then watched for so many minutes with a share of the calls; 0: only tried."""

    def try_it(release: Release) -> None:
        own = release.versions[function_name(environment, _PROBE)]
        _prove(aws, environment, own, {"versions": dict(release.versions)})

    return Rollout(try_it, (lambda release: watch(aws, environment, release, minutes)) if minutes else None)


def prove_live(aws: Aws, environment: str) -> None:
    """Try what serves now, as the clock does. Raises Problem if it does not work."""
    _prove(aws, environment, LIVE, {})


def _prove(aws: Aws, environment: str, version: str, detail: Mapping[str, Any]) -> None:
    """Let a version of the function `probe_plant` do its day. Raises Problem with what was wrong."""
    client = aws.client("lambda", tries=1)
    event = json.dumps(_TICK | {"detail": detail}).encode()
    answer = client.invoke(FunctionName=function_name(environment, _PROBE), Qualifier=version, Payload=event)
    said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise Problem(f"The function {_PROBE} failed: {said.get('errorMessage', said)}")
    if said["wrong"]:
        raise Problem(f"The probe: {said['wrong']}")


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
