"""Turns answers of the public endpoints into answers to questions."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.replay.plan import Answers, Question, Value, wire

Resource = Mapping[str, Any]

ORDER_FIGURES = {
    "lead_minutes": "lead_time_minutes",
    "run_minutes": "actual_duration",
    "labour_minutes": "labour_minutes",
    "planned_minutes": "planned_duration",
    "delay_minutes": "delay_minutes",
    "delay_minutes_by_factor": "delay_minutes",
}
TOTALS = {
    "good": ("stage", "good"),
    "scrap": ("stage", "scrap"),
    "planned_minutes": ("order", "planned_minutes"),
    "run_minutes": ("order", "run_minutes"),
    "delay_minutes": ("order", "delay_minutes"),
}
STATISTICS = ("count", "min", "max", "mean")


def order_answers(order: Resource, metrics: Resource, stage_metrics: Sequence[Resource]) -> dict[Question, Value]:
    """Read an order, its metrics and those of its stages, by position."""
    number = order["number"]
    answers: dict[Question, Value] = {
        Question("order", number, what): metrics[field] for what, field in ORDER_FIGURES.items()
    }
    answers[Question("order", number, "sessions")] = metrics["inputs_count"]
    answers[Question("order", number, "scrap")] = sum(stage["scrap"] for stage in order["stages"])
    efficiency = metrics["metrics"]["efficiency"]
    answers[Question("order", number, "efficiency_numerator")] = efficiency["numerator"]
    answers[Question("order", number, "efficiency_denominator")] = efficiency["denominator"]
    for stage, figures in zip(order["stages"], stage_metrics, strict=True):
        answers |= _stage_answers(f"{number} · {stage['name']}", stage, figures)
    return answers


def _stage_answers(subject: str, stage: Resource, metrics: Resource) -> dict[Question, Value]:
    figures: dict[str, Value] = {
        "started_at": _instant(stage["started_at"]),
        "ended_at": _instant(stage["ended_at"]),
        "sessions": metrics["inputs_count"],
        "good": stage["good"],
        "scrap": stage["scrap"],
        "rework": stage["rework"],
        "run_minutes": metrics["actual_duration"],
        "labour_minutes": metrics["labour_minutes"],
    }
    return {Question("stage", subject, what): value for what, value in figures.items()}


def total_answers(answers: Answers) -> dict[Question, Value]:
    """Sum the answers of all orders. Efficiency is a sum divided by a sum, never a mean of ratios."""
    totals: dict[Question, Value] = {
        Question("total", "all", what): _sum(answers, about, figure) for what, (about, figure) in TOTALS.items()
    }
    planned = _sum(answers, "order", "efficiency_numerator")
    run = _sum(answers, "order", "efficiency_denominator")
    totals[Question("total", "all", "efficiency_percent")] = round(100 * planned / run, 3) if run else None
    return totals


def hour_answers(rollups: Iterable[Resource]) -> dict[Question, Value]:
    """Read rollups: the statistics of every sensor and hour."""
    return {
        Question("hour", f"{rollup['sensor']} {_instant(rollup['hour'])}", what): rollup[what]
        for rollup in rollups
        for what in STATISTICS
    }


def _sum(answers: Answers, about: str, what: str) -> float:
    wanted = (value for question, value in answers.items() if (question.about, question.what) == (about, what))
    return math.fsum(value for value in wanted if isinstance(value, int | float))


def _instant(text: str | None) -> str | None:
    """An instant in the one format that is compared, at any precision of the input."""
    return None if text is None else wire(datetime.fromisoformat(text))
