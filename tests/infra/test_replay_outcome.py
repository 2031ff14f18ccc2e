"""The comparison finds every difference, also one that a sum would hide."""

from infra.replay.answers import hour_answers, order_answers, total_answers
from infra.replay.outcome import Outcome, as_differences, as_json, as_table
from infra.replay.plan import Question, Value

LEAD = Question("order", "1", "lead_minutes")
OTHER_LEAD = Question("order", "2", "lead_minutes")


def outcome(computed: dict[Question, Value], expected: dict[Question, Value]) -> Outcome:
    return Outcome("production_log", {"work orders": 2}, computed, expected)


def test_answers_that_agree_to_a_billionth_are_equal() -> None:
    assert outcome({LEAD: 10.0 + 1e-10}, {LEAD: 10}).differences == []


def test_a_number_that_is_off_by_a_little_more_is_a_difference() -> None:
    assert [line.question for line in outcome({LEAD: 10.00000001}, {LEAD: 10}).differences] == [LEAD]


def test_two_errors_that_cancel_each_other_in_the_sum_are_two_differences() -> None:
    both = outcome({LEAD: 9, OTHER_LEAD: 11}, {LEAD: 10, OTHER_LEAD: 10})
    assert len(both.differences) == 2


def test_an_answer_that_is_missing_is_a_difference() -> None:
    assert len(outcome({LEAD: None}, {LEAD: 10}).differences) == 1
    assert len(outcome({}, {LEAD: 10}).differences) == 1


def test_an_answer_that_nobody_expected_is_a_difference() -> None:
    assert len(outcome({LEAD: 10, OTHER_LEAD: 1}, {LEAD: 10}).differences) == 1


def test_the_table_has_a_row_for_what_was_sent_and_one_for_each_figure() -> None:
    table = as_table(outcome({LEAD: 9, OTHER_LEAD: 11}, {LEAD: 10, OTHER_LEAD: 10}))
    cells = [list(column.cells) for column in table.columns]
    assert cells[0] == ["work orders", "order lead minutes"]
    assert cells[1] == ["2", ""]
    assert cells[2:4] == [["", "20"], ["", "20"]]
    assert cells[4][1] == "[red]0 of 2[/]"


def test_differences_are_shown_one_by_one() -> None:
    table = as_differences(outcome({LEAD: 9}, {LEAD: 10}))
    assert table is not None
    assert [list(column.cells) for column in table.columns] == [["1"], ["order lead minutes"], ["9"], ["10"]]
    assert as_differences(outcome({LEAD: 10}, {LEAD: 10})) is None


def test_the_file_holds_every_question_with_both_answers() -> None:
    written = as_json(outcome({LEAD: 9}, {LEAD: 10}))
    assert written["equal"] is False
    assert written["figures"] == [
        {"about": "order", "subject": "1", "figure": "lead_minutes", "computed": 9, "expected": 10, "equal": False}
    ]


def test_an_order_is_read_from_its_metrics_and_its_stages_resources() -> None:
    stage = {
        "name": "Filling",
        "started_at": "2026-01-05T10:00:00.000Z",
        "ended_at": None,
        "good": 3,
        "scrap": 1,
        "rework": 0,
    }
    metrics = {
        "lead_time_minutes": 100,
        "actual_duration": 80,
        "labour_minutes": 90,
        "planned_duration": 60,
        "delay_minutes": 40,
        "inputs_count": 2,
        "metrics": {"efficiency": {"numerator": 60, "denominator": 80}},
    }
    answers = order_answers(
        {"number": "A", "stages": [stage]}, metrics, [{"actual_duration": 80, "labour_minutes": 90, "inputs_count": 2}]
    )
    assert answers[Question("order", "A", "run_minutes")] == 80
    assert answers[Question("order", "A", "scrap")] == 1
    assert answers[Question("order", "A", "sessions")] == 2
    assert answers[Question("stage", "A · Filling", "started_at")] == "2026-01-05T10:00:00Z"
    assert answers[Question("stage", "A · Filling", "ended_at")] is None
    assert answers[Question("stage", "A · Filling", "labour_minutes")] == 90


def test_efficiency_of_many_orders_is_sum_over_sum_not_a_mean_of_ratios() -> None:
    answers: dict[Question, Value] = {
        Question("order", "1", "efficiency_numerator"): 60,
        Question("order", "1", "efficiency_denominator"): 60,
        Question("order", "2", "efficiency_numerator"): 100,
        Question("order", "2", "efficiency_denominator"): 300,
    }
    assert total_answers(answers)[Question("total", "all", "efficiency_percent")] == 44.444


def test_rollups_are_read_per_sensor_and_hour() -> None:
    rollup = {"sensor": "main", "hour": "2014-01-07T02:00:00.000Z", "count": 24, "min": 1.5, "max": 2.5, "mean": 2.0}
    assert hour_answers([rollup]) == {
        Question("hour", "main 2014-01-07T02:00:00Z", "count"): 24,
        Question("hour", "main 2014-01-07T02:00:00Z", "min"): 1.5,
        Question("hour", "main 2014-01-07T02:00:00Z", "max"): 2.5,
        Question("hour", "main 2014-01-07T02:00:00Z", "mean"): 2.0,
    }
