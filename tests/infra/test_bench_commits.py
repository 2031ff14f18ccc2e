"""A benchmark measures the files of a named commit."""

from pathlib import Path

import pytest

from infra.bench import commits
from infra.problem import Problem
from infra.programs import run


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose file has changed since its only commit."""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    (tmp_path / "app.py").write_text("before")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "app").symlink_to("../app.py")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "app"]):
        run([*git, *command], "git failed")
    (tmp_path / "app.py").write_text("after")
    monkeypatch.setattr(commits, "PROJECT", tmp_path)
    return tmp_path


def test_the_files_are_those_of_the_commit_and_the_clone_keeps_its_own(clone: Path) -> None:
    with commits.files_of("HEAD") as files:
        assert (files / "app.py").read_text() == "before"
        assert (files / "vendor" / "app").read_text() == "before"

    assert not files.exists()
    assert (clone / "app.py").read_text() == "after"


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize("commit", ["never", "--output=here"])
def test_a_commit_that_is_not_there_is_told(commit: str) -> None:
    with pytest.raises(Problem, match=f"git has no commit {commit} here"), commits.files_of(commit):
        pass
