"""What runs on GitHub: other people's actions by digest, and no more rights than needed."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.cli.checks import STATIC
from tests.architecture.sources import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
HOOKS = PROJECT / ".ci" / "pre-commit.yaml"
# A step of a workflow that may write, and what for.
MAY_WRITE = {("release.yml", "publish"): {"contents": "write"}}


def jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return found


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_an_action_of_others_is_named_by_its_digest_and_beside_it_by_its_version(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_reads_and_only_the_release_is_written(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}
    for name, job in jobs(workflow).items():
        assert job.get("permissions", {}) == MAY_WRITE.get((workflow.name, name), {})
        for each in job["steps"]:
            if "checkout" in each.get("uses", ""):
                assert each["with"]["persist-credentials"] is False


def test_the_checks_before_a_commit_are_those_of_takip_and_pre_commit_understands_them() -> None:
    program = Path(sys.executable).with_name("pre-commit")
    done = subprocess.run([program, "validate-config", HOOKS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (repository,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))["repos"]
    assert {hook["name"] for hook in repository["hooks"]} == {check.name for check in STATIC} - {"Types"}
