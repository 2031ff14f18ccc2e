"""`takip.py brake`: stops what calls the functions, and lets it go again."""

import json

import rich_click as click

from infra.cli.console import line, say
from infra.cli.environments import aws_of, stage_option
from infra.deployment import brake as brakes
from infra.deployment import chalice
from infra.deployment.brake import Caller
from infra.deployment.found import function_name
from infra.problem import Problem

_functions = click.argument("functions", nargs=-1, metavar="[FUNCTION]...")


@click.group()
def brake() -> None:
    """A brake for queues, the clock and the stream: they stop calling functions, and nothing is lost meanwhile.

    The API goes on, so people work and machines send. Messages wait in their queue: readings and pictures four days,
    others an hour, after which the clock hands them out again. Deployments leave a brake as it is.
    """


@brake.command()
@_functions
@stage_option
def on(functions: tuple[str, ...], stage: str) -> None:
    """Stop what calls each FUNCTION (`ingest_readings` …), or all functions. Runs that have begun end as usual."""
    _brake(stage, functions, stopped=True)


@brake.command()
@_functions
@stage_option
def off(functions: tuple[str, ...], stage: str) -> None:
    """Let what calls each FUNCTION go again, or all."""
    _brake(stage, functions, stopped=False)


@brake.command()
@stage_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(stage: str, *, as_json: bool) -> None:
    """Show what calls each function, and what is stopped."""
    there = chalice.found(aws_of(stage), stage)
    _tell(brakes.callers(aws_of(stage), there.functions, there.rules), as_json=as_json)


def _brake(stage: str, chosen: tuple[str, ...], *, stopped: bool) -> None:
    aws = aws_of(stage)
    there = chalice.found(aws, stage)
    called = {each.function for each in brakes.callers(aws, there.functions, there.rules)}
    wanted = {function_name(stage, each) for each in chosen} or called
    if unknown := wanted - called:
        raise Problem(
            f"No queue, clock or stream calls {', '.join(sorted(unknown))}. One of these is called: "
            f"{', '.join(sorted(called))}."
        )
    rules = [rule for rule in there.rules if rule.removesuffix("-event") in wanted]
    brakes.stop(aws, wanted, rules, stopped=stopped)
    said = "are not called" if stopped else "are called again"
    say(f"These functions {said}: {', '.join(sorted(wanted))}")


def _tell(found: list[Caller], *, as_json: bool) -> None:
    if as_json:
        line(json.dumps([vars(each) for each in found]))
        return
    for each in found:
        state = "stopped" if each.is_stopped else "goes"
        line(f"{each.function:<34} {each.kind:<7} {state:<8} {each.name}")
