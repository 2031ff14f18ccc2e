"""What a day of screens costs: the document shows what the command prints, and hearing costs less than asking."""

from click.testing import CliRunner

from infra.bench import screens
from infra.cli.bench import bench
from infra.places import PROJECT


def test_the_document_shows_what_the_command_prints() -> None:
    printed = CliRunner().invoke(bench, ["screens"])
    shown = (PROJECT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert printed.exit_code == 0
    for name, polled, heard in screens.rows(screens.Day()):
        assert f"| {name} | {polled} | {heard} |" in shown


def test_hearing_costs_less_than_asking_also_for_one_screen() -> None:
    for count in (1, 100):
        day = screens.Day(count)
        assert sum(day.heard().values()) < sum(day.polled().values())
