"""What ships: licences, what is known against it, and the files of a release."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib import __version__
from infra.problem import Problem
from infra.supply import advisories, release_files
from infra.supply.bom import bill_of_materials
from infra.supply.shipped import REQUIREMENTS, libraries

# They ask no more than to name the authors. Python's own licence is one of them.
MODEST = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0"}
MADE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def known(name: str, version: str, **more: object) -> dict[str, Any]:
    """A package as pip-audit tells of it."""
    return {"name": name, "version": version, "vulns": [], **more}


WEAK = {"id": "PYSEC-1", "fix_versions": ["2.0"], "description": "It answers strangers."}


def test_what_ships_may_be_given_to_anybody() -> None:
    shipped = libraries()
    assert {"botocore", "chalice", "htm", "lean-qr"} <= {each.name for each in shipped}
    refused = [each for each in shipped if not set(each.licence.split(" OR ")) & MODEST]
    assert refused == []


def test_the_bill_names_the_zip_and_every_library_and_is_the_same_again(tmp_path: Path) -> None:
    zipped = tmp_path / "takip.zip"
    zipped.write_bytes(b"functions")
    told = bill_of_materials(zipped, "1.2.0", libraries(), MADE)

    assert told == bill_of_materials(zipped, "1.2.0", libraries(), MADE)
    bill = json.loads(told)
    (digest,) = bill["metadata"]["component"]["hashes"]
    assert digest["content"] == hashlib.sha256(b"functions").hexdigest()
    named = {(each["purl"], *_licences(each)) for each in bill["components"]}
    assert named == {(f"pkg:{each.registry}/{each.name}@{each.version}", each.licence) for each in libraries()}
    (whole,) = [each for each in bill["dependencies"] if each["ref"] == "takip"]
    assert len(whole["dependsOn"]) == len(libraries())


def _licences(component: dict[str, Any]) -> Iterator[str]:
    for each in component["licenses"]:
        yield each["expression"] if "expression" in each else each["license"]["id"]


def test_another_zip_is_another_bill(tmp_path: Path) -> None:
    bills = []
    for content in (b"one", b"two"):
        (tmp_path / "takip.zip").write_bytes(content)
        bills.append(json.loads(bill_of_materials(tmp_path / "takip.zip", "1.2.0", [], MADE))["serialNumber"])
    assert bills[0] != bills[1]


def test_what_is_known_against_a_package_fails_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert advisories._told([known("six", "1.0", vulns=[WEAK]), known("new", "1", skip_reason="not there")]) == 1
    assert "six 1.0: PYSEC-1, mended in 2.0. It answers strangers." in capsys.readouterr().out


def test_packages_of_which_nobody_knows_are_skipped_and_not_passed(capsys: pytest.CaptureFixture[str]) -> None:
    packages = [known("six", "1.0"), known("new", "1", skip_reason="not there")]
    assert advisories._told(packages) == advisories.SKIPPED
    assert "no advisories of 1 of 2 packages: new." in capsys.readouterr().out


def test_nothing_known_passes() -> None:
    assert advisories._told([known("six", "1.0")]) == 0


def test_advisories_that_cannot_be_reached_are_skipped_with_a_sentence() -> None:
    away = {"HTTPS_PROXY": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "infra.supply.advisories"]
    asked = subprocess.run(command, cwd=REQUIREMENTS.parent, env=away, capture_output=True, text=True, check=False)
    assert asked.returncode == advisories.SKIPPED, asked.stderr
    assert asked.stdout.startswith("The advisories could not be reached, so nothing is known: ")


@pytest.mark.parametrize(
    ("version", "told"), [("1.1.0", "### Added\n- a door\n"), ("1.0.0", "- the first\n"), ("Unreleased", "\n")]
)
def test_the_changes_of_a_version_are_its_section(version: str, told: str) -> None:
    log = "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-05\n### Added\n- a door\n\n## [1.0.0]\n- the first\n"
    assert release_files.changes(version, log) == told


def test_a_version_that_the_changelog_does_not_know_is_refused_with_the_way_out() -> None:
    with pytest.raises(Problem, match=r"no section that begins with ## \[9\.9\.9\]\. Rename ## \[Unreleased\] to it"):
        release_files.changes("9.9.9")


def test_a_tag_of_another_version_is_refused() -> None:
    with pytest.raises(Problem, match=f"needs the tag v{re.escape(__version__)}"):
        release_files.refuse_other("v9.9.9")


def test_the_files_of_a_release_have_the_digests_that_are_written_beside_them(tmp_path: Path) -> None:
    (tmp_path / "made.zip").write_bytes(b"functions")
    folder = tmp_path / "dist"
    files = release_files.write(folder, tmp_path / "made.zip", "Unreleased")

    names = [f"takip-{__version__}.zip", f"takip-{__version__}.cdx.json", "openapi.json", "CHANGES.md", "SHA256SUMS"]
    assert [file.name for file in files] == names
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name: digest for digest, name in lines} == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names[:-1]
    }


def test_without_git_there_are_no_files_of_a_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="made from a commit, and git is not installed"):
        release_files.committed()
