"""The files of a named commit, to measure them beside the files of today."""

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.places import PROJECT
from infra.programs import run


@contextmanager
def files_of(commit: str) -> Iterator[Path]:
    """A temporary folder with the files of a commit: a hash, a branch or a tag. Raises Problem if git has no such one.

    The clone itself is not touched.
    """
    with tempfile.TemporaryDirectory(prefix="takip-") as made:
        folder, packed = Path(made) / "files", Path(made) / "files.tar"
        git = ["git", "-C", str(PROJECT), "archive", "--format=tar", f"--output={packed}", "--end-of-options", commit]
        run(git, f"git has no commit {commit} here. Name one that `git log` shows.")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        yield folder
