"""The zip of the functions: the same bytes from the same sources, and nothing that Lambda would have to compile.

Lambda can write nothing beside the sources. Without bytecode in the zip, each cold start would compile every module.
"""

import shutil
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chalice import app as chalices_router

from infra.deployment.packages import compile_for, packages
from infra.deployment.target import Target

# The part of Chalice that runs in a function. Its deployer stays here.
_CHALICE = Path(chalices_router.__file__).parent
_CHALICES_FILES = ("__init__.py", "app.py")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can hold
_READABLE = 0o644 << 16
_UNIX = 3
_SMALLEST = 9


def archive(build: Path, target: Target, path: Path) -> None:
    """Make the zip of a build folder for a target. Raises Problem if packages cannot be downloaded."""
    with tempfile.TemporaryDirectory() as made:
        own = Path(made) / "own"
        shutil.copytree(build / "vendor", own)
        shutil.copytree(build / "chalicelib", own / "chalicelib")
        shutil.copy2(build / "app.py", own)
        (own / "chalice").mkdir()
        for name in _CHALICES_FILES:
            shutil.copy2(_CHALICE / name, own / "chalice")
        compile_for(target, own)
        _zip((packages(build / "requirements.txt", target), own), path)


def _zip(folders: tuple[Path, ...], path: Path) -> None:
    """Zip the files of folders, in the order of their names, without the time and the owner of any."""
    files = {
        file.relative_to(folder).as_posix(): file for folder in folders for file in folder.rglob("*") if file.is_file()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w") as packed:
        for name, file in sorted(files.items()):
            entry = ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr, entry.compress_type = _UNIX, _READABLE, ZIP_DEFLATED
            packed.writestr(entry, file.read_bytes(), compresslevel=_SMALLEST)
