"""What a browser is given: pages of ours, and the files that they load.

They lie in `chalicelib/pages`. A page names a file as `assets/docs.js`. It is shown as `assets/docs.<digest>.js`, whose
content never changes, so a browser keeps it and does not ask again. A script names another as `./words.js`, which is
shown as `./words.<digest>.js` too, whether it is loaded at once (`from "./words.js"`) or when it is needed
(`import("./words.js")`), and so is a script that is no module (`new URL("./words.js", …)`).
"""

import lzma
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import chalicelib
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import UnknownId
from chalicelib.domain.sentences import say
from chalicelib.remembered import cached

ROOM = Path(chalicelib.__file__).parent / "pages"
MEDIA_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html"}
# A page loads, and talks to, nothing but the Takip from which it came, and what that says live.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src {heard}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DAY_SECONDS = 24 * 60 * 60
FOR_EVER = f"public, max-age={365 * DAY_SECONDS}, immutable"
DIGEST_BITS = 64
_ASSET = re.compile(r'(?<=")assets/([\w.-]+)')
_MODULE = re.compile(r'(?:(?<= from "\./)|(?<=\bimport\("\./)|(?<=\bURL\("\./))([\w-]+\.js)(?=";|"\)|",)')


@dataclass(frozen=True)
class File:
    """A file for a browser: its name and its text. `for_ever`: under the name of its address it never changes.

    `hears` is the origin of live messages that a page may hear.
    """

    name: str
    text: str
    for_ever: bool
    hears: str | None = None

    def headers(self) -> Mapping[str, str]:
        """The headers that go with it."""
        return {
            "Content-Type": f"{MEDIA_TYPES[self.name.rpartition('.')[2]]}; charset=utf-8",
            "Content-Security-Policy": POLICY.format(heard=" ".join(filter(None, ("'self'", self.hears)))),
            "Cache-Control": FOR_EVER if self.for_ever else "no-cache",
        }


def page(name: str, path: str, *, folders: int = 0, hears: str | None = None) -> File:
    """A page of ours, as it is shown at a path, which lies so many folders below the root of the API.

    Pages for people are one page, `page.html`, each with a script and a style of its own name. `hears` is the origin of
    live messages, for a page that loads `live.js`.
    """
    up = "../" * (folders + path.endswith("/"))
    own = ROOM / f"{name}.html"
    text = (own if own.exists() else ROOM / "page.html").read_text(encoding="utf-8").replace("NAME", name)
    named = _ASSET.sub(lambda found: f"{up}assets/{asset_named(found[1])}", text)
    return File(f"{name}.html", named, for_ever=False, hears=hears)


def asset_named(name: str) -> str:
    """The name in the address of a file that a page loads."""
    return _addresses()[name]


def asset(address: str) -> File:
    """A file that a page loads, by the name in its address. Raises UnknownId."""
    for name, known in _addresses().items():
        if known == address:
            return File(name, _read(_stored()[name]), for_ever=True)
    raise UnknownId(say("Load the page again: it names the files of this version."))


@cached
def _addresses() -> Mapping[str, str]:
    """The name in the address of each file, by its own name."""
    return {name: _address(name, _digested(path)) for name, path in _stored().items()}


def _address(name: str, content: bytes) -> str:
    stem, _, kind = name.rpartition(".")
    return f"{stem}.{digest(content, DIGEST_BITS)}.{kind}"


def _digested(path: Path) -> bytes:
    """What must have another address if it changes: a file, with what it loads in turn."""
    loaded = _MODULE.findall(path.read_text("utf-8")) if path.suffix == ".js" else []
    return b"".join([path.read_bytes(), *(_digested(_stored()[name]) for name in loaded)])


def _stored() -> Mapping[str, Path]:
    """Where the files that pages load are kept, by their names. Those of libraries are compressed."""
    files = {path.name.removesuffix(".xz"): path for path in ROOM.rglob("*") if path.is_file()}
    return {name: path for name, path in files.items() if name.rpartition(".")[2] in ("js", "css", "svg")}


def _read(path: Path) -> str:
    """The text of a file, with the addresses of the scripts that it loads."""
    if path.suffix == ".xz":
        return lzma.decompress(path.read_bytes()).decode()
    return _MODULE.sub(lambda found: asset_named(found[1]), path.read_text("utf-8"))
