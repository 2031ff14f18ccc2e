"""How a release comes to serve, and the way back: beside the old one, tried, a share of the calls, watched, all."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass

from infra.aws import Aws
from infra.deployment import versions
from infra.deployment.callers import name_live
from infra.deployment.found import API, Found, function_name
from infra.deployment.live import let_call
from infra.deployment.origin import here
from infra.deployment.versions import Known, Origin, Release
from infra.problem import Problem

_SHARE = 0.1
# On a laptop each release takes memory of the emulator, which holds the zip of every function.
_KEPT, _KEPT_ON_AN_EMULATOR = 10, 2
Step = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True)
class Rollout:
    """How carefully a release comes to serve. Both raise Problem if it must not.

    `prove` tries the release, which nobody uses yet. `watch` looks at the environment for some minutes, while the
    release has its share; None: it gets all calls at once.
    """

    prove: Callable[[Release], None]
    watch: Callable[[Release], None] | None = None


def read(aws: Aws, environment: str, functions: Collection[str]) -> Known:
    """The releases of an environment whose functions have these names in AWS."""
    return versions.read(aws, functions, function_name(environment, API))


def keep_serving(aws: Aws, environment: str, there: Found) -> int:
    """Let what serves now go on while the newest code changes. Returns the number of the next release.

    Functions of an environment that was deployed before it had releases get an alias with the code that they have, and
    what calls them calls the alias from now on. Where no API answers, nothing serves.
    """
    api = function_name(environment, API)
    known = read(aws, environment, there.functions)
    without = set(there.functions) - known.aliases.keys()
    if without and there.answering_apis:
        published = versions.publish(aws, without, api, known.last + 1, Origin())
        versions.serve(aws, known, known.last + 1, published)
        known = read(aws, environment, there.functions)
    if there.api and api in known.aliases:
        let_api_call(aws, environment, there.api)
    rules = [rule for rule in there.rules if rule.removesuffix("-event") in known.aliases]
    name_live(aws, known.aliases, rules)
    return known.last + 1


def bring(
    aws: Aws,
    environment: str,
    functions: Collection[str],
    number: int,
    step: Step,
    rollout: Rollout | None,
    *,
    origin: Origin | None = None,
) -> None:
    """Publish the newest code as the release of a number, and let it serve. Old releases are deleted.

    `origin` is where the code comes from; None: from this clone. Raises Problem if the release must not serve; then
    the one before serves everything.
    """
    api = function_name(environment, API)
    with step(f"Publishing release {number} beside what serves"):
        versions.publish(aws, functions, api, number, origin or here(aws))
        known = read(aws, environment, functions)
        release = known.releases[0]
    try:
        _try(aws, known, release, step, rollout, is_first=api not in known.aliases)
    except Problem as problem:
        serving = known.serving(api)
        stays = f"Release {serving} serves everything, as before." if serving else "No release serves yet."
        raise Problem(f"{problem}\nRelease {number} does not serve. {stays}") from problem
    with step(f"Letting release {number} serve"):
        versions.serve(aws, known, release.number, release.versions)
        versions.prune(aws, read(aws, environment, functions), _KEPT_ON_AN_EMULATOR if aws.endpoint else _KEPT)


def roll_back(
    aws: Aws, environment: str, functions: Collection[str], number: int | None, refuse: Callable[[Release], None]
) -> Release:
    """Let an earlier release serve at once, by default the one that served before. Returns it.

    Raises Problem if it is not there, and what `refuse` raises for it.
    """
    known = read(aws, environment, functions)
    alias = known.aliases.get(function_name(environment, API))
    before = alias.before if alias else None
    wanted = before if number is None else number
    release = known.release(wanted)
    if release is None:
        there = ", ".join(str(each.number) for each in known.releases) or "none"
        what = f"There is no release {wanted}" if wanted else "No release served before this one"
        raise Problem(f"{what}. Releases that are kept: {there}.")
    refuse(release)
    versions.serve(aws, known, release.number, release.versions)
    return release


def let_api_call(aws: Aws, environment: str, api_id: str) -> None:
    """Let an API call the alias of the environment's function."""
    source = f"arn:aws:execute-api:{aws.region}:{aws.account()}:{api_id}/*"
    let_call(aws, function_name(environment, API), "apigateway", source)


def _try(aws: Aws, known: Known, release: Release, step: Step, rollout: Rollout | None, *, is_first: bool) -> None:
    if rollout is None:
        return
    with step(f"Trying release {release.number}, which nobody uses yet"):
        rollout.prove(release)
    if rollout.watch is None or is_first:
        return
    with step(f"Watching release {release.number} with {_SHARE:.0%} of the calls"):
        try:
            versions.share(aws, known, release, _SHARE)
            rollout.watch(release)
        except BaseException:  # also Ctrl-C
            versions.share(aws, known, release, 0)
            raise
