"""The metrics of a day or a shift, computed again from its explained inputs alone, with nothing of Takip."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.services.plain_inputs import Inputs
from tests.services.plain_numbers import Row, n, seconds, share, shown, spans_of, total, union


def of_day(inputs: Inputs) -> dict[str, Any]:
    """The metrics of a day, of the plant or of a group, or of a shift."""
    stages, orders, sessions = (inputs.of(kind) for kind in ("stage", "order", "session"))
    measured = [each for each in stages if "effectiveness" not in each["left_out_of"]]
    hours = sum((n(each["seconds"]) for each in inputs.of("window")), Fraction(0)) / 3600
    pieces = sum(n(each["good"]) for each in sessions if "throughput" not in each["left_out_of"])
    produced = sum(n(each[name]) for each in stages for name in ("good", "scrap", "rework"))
    first_pass = sum(n(each["good"]) - n(each["amounts"]["good_from_rework"]) for each in stages)
    return {
        "efficiency": share(sum(n(each["seconds"]) for each in stages), _sum(stages, "run_seconds")),
        "on_time_rate": share(len(stages) - _sum(stages, "late"), len(stages)),
        "order_on_time_rate": share(len(orders) - _sum(orders, "late"), len(orders)),
        "baseline_on_time_rate": share(len(stages) - _sum(stages, "baseline_late"), len(stages)),
        "baseline_order_on_time_rate": share(len(orders) - _sum(orders, "baseline_late"), len(orders)),
        "delay": shown(_sum(stages, "delay_seconds") / 60) if stages else None,
        "run": shown(seconds(union(spans_of(sessions))) / 60),
        "labour": shown(seconds(total(spans_of(sessions))) / 60),
        "effectiveness": share(_sum(measured, "standard_seconds"), _sum(measured, "run_seconds")),
        "quality": share(first_pass, produced),
        "throughput": shown(pieces / hours) if hours else None,
    }


def of_issues(inputs: Inputs) -> dict[str, Any]:
    """How fast issues were answered."""
    told: dict[str, Any] = {}
    for metric, amount in (("mtta", "acknowledged_seconds"), ("mttr", "resolved_seconds")):
        times = sorted(n(each["amounts"][amount]) for each in inputs.of("issue") if metric not in each["left_out_of"])
        middle, rank = len(times) // 2, (9 * len(times) + 9) // 10
        told[metric] = shown((times[middle] + times[-middle - 1]) / 2 / 60) if times else None
        told[f"{metric}_p90"] = shown(times[rank - 1] / 60) if times else None
    return told


def sums_of(inputs: Inputs) -> dict[str, Any]:
    """Some of the sums of a day, by their names in an answer."""
    stages, orders, sessions = (inputs.of(kind) for kind in ("stage", "order", "session"))
    setup = (n(each["seconds"]) for each in sessions if each["facts"]["kind"] == "setup")
    given_up = [each for each in inputs.rows if each["why"] in ("skipped", "cancelled")]
    return {
        **{f"given_up.{kind}": sum(each["kind"] == kind for each in given_up) for kind in ("stage", "order")},
        "stages.done": len(stages),
        "orders.done": len(orders),
        "stages.good": sum(n(each["good"]) for each in stages),
        "orders.lead_time_minutes": shown(_sum(orders, "lead_seconds") / 60),
        "pieces": sum(n(each["good"]) for each in sessions),
        "setup_minutes": shown(sum(setup, Fraction(0)) / 60),
    }


def told_sums(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a day tells them."""
    stages, orders, time = row["finished"]["stages"], row["finished"]["orders"], row["time"]
    return {
        "given_up.stage": stages["skipped"] + stages["cancelled"],
        "given_up.order": orders["cancelled"],
        "stages.done": stages["done"],
        "orders.done": orders["done"],
        "stages.good": n(stages["good"]),
        "orders.lead_time_minutes": n(orders["lead_time_minutes"]),
        "pieces": n(time["pieces"]),
        "setup_minutes": n(time["setup_minutes"]),
    }


def _sum(rows: list[Row], amount: str) -> Fraction:
    return sum((n(each["amounts"][amount]) for each in rows), Fraction(0))
