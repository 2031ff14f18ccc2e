"""A program: compiles all Python files of a folder, on the Python that will run them. Standard library only.

Bytecode is never compared with its source (`unchecked-hash`), because in Lambda both are read-only. The same sources
give the same bytes: files are compiled in the order of their names, and named as in Lambda, wherever the folder is.

With `--alone` the bytecode takes the place of the sources, without their docstrings, which nobody reads there.
Assertions stay.
"""

import ast
import importlib.util
import marshal
import py_compile
import sys
from pathlib import Path

LAMBDAS_FOLDER = "/var/task"
_NEVER_COMPARED = py_compile.PycInvalidationMode.UNCHECKED_HASH
_WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def compile_all(folder: Path, *, alone: bool) -> None:
    """Compile the files, and delete them if their bytecode is to be `alone`.

    Raises PyCompileError for a file that is no Python.
    """
    for path in sorted(folder.rglob("*.py")):
        name = f"{LAMBDAS_FOLDER}/{path.relative_to(folder).as_posix()}"
        if alone:
            path.with_suffix(".pyc").write_bytes(_without_docstrings(path.read_bytes(), name))
            path.unlink()
        else:
            py_compile.compile(str(path), dfile=name, doraise=True, invalidation_mode=_NEVER_COMPARED)


def _without_docstrings(source: bytes, name: str) -> bytes:
    """The content of a bytecode file as py_compile makes it, without docstrings. Raises PyCompileError likewise."""
    try:
        tree = ast.parse(source, name)
        for node in ast.walk(tree):
            if isinstance(node, _WITH_DOCSTRINGS) and ast.get_docstring(node, clean=False) is not None:
                node.body[:1] = [ast.copy_location(ast.Pass(), node.body[0])] if len(node.body) == 1 else []
        code = compile(tree, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise py_compile.PyCompileError(type(error), error, name) from error
    unchecked = (1).to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + unchecked + importlib.util.source_hash(source) + marshal.dumps(code)


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]), alone="--alone" in sys.argv)
