"""`takip.py package`: the files of a release."""

import tempfile
from pathlib import Path

import rich_click as click

from chalicelib import __version__
from infra.cli.console import line, step
from infra.deployment.archive import archive
from infra.deployment.build import build
from infra.deployment.target import LAMBDA_ARCHITECTURE, lambda_target
from infra.supply import release_files


@click.command()
@click.option(
    "--to",
    "folder",
    default="dist",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the files. It is made if it is not there.",
)
@click.option(
    "--tag", help="The tag of the release, such as v1.2.0. Without it, the changes are those not released yet."
)
def package(folder: Path, tag: str | None) -> None:
    """Write the files of a release: the zip of the functions, its bill of materials, the contract and the changes.

    The same commit gives the same files, byte for byte. SHA256SUMS holds their digests (`sha256sum --check`). The bill
    of materials (CycloneDX) names every library in the zip with its version and licence.
    """
    if tag:
        release_files.refuse_other(tag)
    with tempfile.TemporaryDirectory() as made:
        zipped = Path(made) / "takip.zip"
        with step("Making the zip of the functions (the first time the packages are fetched)"):
            build(Path(made) / "build")
            archive(Path(made) / "build", lambda_target(LAMBDA_ARCHITECTURE), zipped)
        written = release_files.write(folder, zipped, __version__ if tag else "Unreleased")
    for file in written:
        line(f"{file}  {file.stat().st_size:,} bytes")
