"""A program: compiles all Python files of a folder, on the Python that will run them. Standard library only.

Bytecode is never compared with its source (`unchecked-hash`), because in Lambda both are read-only. The same sources
give the same bytes: files are compiled in the order of their names, and named as in Lambda, wherever the folder is.

With `--alone` the bytecode takes the place of the sources.
"""

import py_compile
import sys
from pathlib import Path

LAMBDAS_FOLDER = "/var/task"


def compile_all(folder: Path, *, alone: bool) -> None:
    """Compile the files, and delete them if their bytecode is to be `alone`.

    Raises PyCompileError for a file that is no Python.
    """
    for path in sorted(folder.rglob("*.py")):
        py_compile.compile(
            str(path),
            cfile=str(path.with_suffix(".pyc")) if alone else None,
            dfile=f"{LAMBDAS_FOLDER}/{path.relative_to(folder).as_posix()}",
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        if alone:
            path.unlink()


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]), alone="--alone" in sys.argv)
