"""What a new entity is called in code, in paths and in sentences, and which names it cannot have."""

import ast
import builtins
import keyword
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.problem import Problem

LONGEST, LONGEST_TURKISH = 20, 25
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
# The layers that have the same rooms.
_LAYERS = ("chalicelib/domain", "chalicelib/services", "chalicelib/storage")
_KEYS = Path("chalicelib/storage/keys")


@dataclass(frozen=True)
class Entity:
    """A new entity: `name` and `names` (its plural) in snake_case, its room, and what Turkish calls it."""

    name: str
    names: str
    room: str
    turkish: str

    @property
    def words(self) -> dict[str, str]:
        """What stands in the templates for its names: of `cutting_tool` `CuttingTool`, `cutting tool`, and so on."""
        word, words = self.name.replace("_", " "), self.names.replace("_", " ")
        a = "an" if word[0] in "aeiou" else "a"
        return asdict(self) | {
            "Name": word.title().replace(" ", ""),
            "NAME": self.name.upper(),
            "NAMES": self.names.upper(),
            "path": self.names.replace("_", "-"),
            "word": word,
            "words": words,
            "Word": word.capitalize(),
            "Words": words.capitalize(),
            "a": a,
            "A": a.capitalize(),
        }


def rooms(root: Path) -> list[str]:
    """The rooms that an entity may live in: those of all three layers whose keys have a file."""
    found = [{path.parent.name for path in (root / layer).glob("*/__init__.py")} for layer in _LAYERS]
    keys = {path.stem for path in (root / _KEYS).glob("*.py")}
    return sorted(set.intersection(*found, keys))


def entity(root: Path, name: str, plural: str | None, room: str, turkish: str | None, used: set[str]) -> Entity:
    """The entity of these names. `used` are the names that its own code uses for something else.

    Raises Problem if it cannot have them: not snake_case, too long, a word of Python, or there already.
    """
    made = Entity(name, plural or f"{name}s", room, turkish or name.replace("_", " "))
    if room not in rooms(root):
        raise Problem(f"There is no room {room} for an entity. Choose one of: {', '.join(rooms(root))}.")
    if made.name == made.names:
        raise Problem(f"{name} has itself as its plural. Give another with --plural.")
    for each in (made.name, made.names):
        if not _SNAKE.fullmatch(each) or len(each) > LONGEST:
            form = f"in snake_case, in the letters a to z and digits, at most {LONGEST} characters: cutting_tool"
            raise Problem(f"{each!r} is no name for an entity. Write it {form}.")
    for each in (made.name, made.names, made.words["Name"], made.words["NAME"], made.words["NAMES"]):
        if keyword.iskeyword(each) or keyword.issoftkeyword(each) or each in dir(builtins):
            raise Problem(f"{each} is a word of Python. Choose another name.")
        if each in used:
            raise Problem(f"{each} means something else in the code of an entity. Choose another name.")
    if not re.fullmatch(rf"[\w -]{{1,{LONGEST_TURKISH}}}", made.turkish):
        raise Problem(f"Give --turkish as words of letters, at most {LONGEST_TURKISH} of them, such as: kesici takım")
    _refuse_known(root, made)
    return made


def _refuse_known(root: Path, made: Entity) -> None:
    """Refuse the name of what is there: a kind of item, a part of a key, a module, or a path. Raises Problem."""
    texts = {
        node.value
        for path in (root / "chalicelib/storage").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    parts = {part for text in texts for part in text.split("#")}
    known = sorted({made.name, f"{made.name}_change", made.name.upper(), made.names.upper()} & parts)
    if known:
        raise Problem(f"Storage knows {known[0]} already, as a kind of item or in a key. Choose another name.")
    modules = [path for path in root.glob("[cf]*/**/*.py") if path.stem in (made.name, made.names)]
    if modules:
        raise Problem(f"{modules[0].relative_to(root).as_posix()} is there already. Choose another name.")
    path = re.compile(rf'"/{made.words["path"]}["/]')
    doors = [door for door in sorted(root.glob("functions/*.py")) if path.search(door.read_text(encoding="utf-8"))]
    if doors:
        raise Problem(f"{doors[0].name} answers /{made.words['path']} already. Choose another name.")
