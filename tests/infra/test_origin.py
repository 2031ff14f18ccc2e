"""Where a release says that it comes from."""

import shutil
import subprocess
from pathlib import Path

import pytest

from chalicelib import __version__
from chalicelib.domain.schema import OLDEST_READ, WRITTEN
from infra.aws import Aws
from infra.deployment import origin
from infra.deployment.versions import Origin


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one commit, from which somebody deploys."""
    monkeypatch.setattr(origin, "PROJECT", tmp_path)
    who = {"Arn": "arn:aws:sts::1:assumed-role/Deploys/ada lovelace@plant.example"}
    sts = type("Sts", (), {"get_caller_identity": lambda _: who})()
    monkeypatch.setattr(Aws, "client", lambda *_: sts)
    (tmp_path / "file").write_text("1")
    git("init", "--quiet", of=tmp_path)
    git("add", "file", of=tmp_path)
    git("-c", "user.name=a", "-c", "user.email=a@plant.example", "commit", "--quiet", "-m", "first", of=tmp_path)
    return tmp_path


def git(*words: str, of: Path) -> str:
    done = subprocess.run(
        [shutil.which("git") or "git", "-C", str(of), *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_it_names_the_commit_whether_it_was_changed_and_who_deploys(clone: Path) -> None:
    commit = git("rev-parse", "--short", "HEAD", of=clone)
    assert origin.here(Aws("eu-central-1")) == Origin(
        __version__, commit, f"{OLDEST_READ}-{WRITTEN}", "ada-lovelace@plant.example"
    )
    (clone / "file").write_text("2")
    assert origin.here(Aws("eu-central-1")).commit == f"{commit}+"


def test_an_unpacked_archive_has_no_commit(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "which", lambda _: None)
        assert origin.here(Aws("eu-central-1")).commit == "unknown"
    monkeypatch.setattr(origin, "PROJECT", clone.parent / "nowhere")
    assert origin.here(Aws("eu-central-1")).commit == "unknown"
