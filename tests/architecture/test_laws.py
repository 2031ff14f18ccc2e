"""Every rule of `laws` holds in all its files, and every rule can fail."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.architecture import laws
from tests.architecture.sources import OWN, SHIPPED, Source, paths, sources

Law = Callable[[Source], list[str]]

PLACES: list[tuple[Law, tuple[str, ...]]] = [
    (laws.ENVIRONMENT.broken_by, SHIPPED),
    (laws.TIME.broken_by, SHIPPED),
    (laws.IDENTITY.broken_by, SHIPPED),
    (laws.HASHING.broken_by, SHIPPED),
    (laws.DERIVING.broken_by, SHIPPED),
    (laws.kept_by_hand, SHIPPED),
    (laws.keys_written_by_hand, SHIPPED),
    (laws.untyped_fields, SHIPPED),
    (laws.packages_in_the_domain, ("chalicelib/domain",)),
    (laws.too_long, OWN),
    (laws.untold, OWN),
    (laws.unfrozen, (*SHIPPED, "takip.py", "infra", "docs/examples")),
]

BREACHES: list[tuple[Law, str]] = [
    (laws.ENVIRONMENT.broken_by, "import os\nTABLE = os.environ['TABLE']"),
    (laws.ENVIRONMENT.broken_by, "import os as system\nsystem.getenv('TABLE')"),
    (laws.ENVIRONMENT.broken_by, "from os import environ"),
    (laws.TIME.broken_by, "from datetime import UTC, datetime\nat = datetime.now(UTC)"),
    (laws.TIME.broken_by, "import datetime as d\nat = d.datetime.utcnow()"),
    (laws.TIME.broken_by, "from datetime import date as day\ntoday = day.today()"),
    (laws.TIME.broken_by, "from time import time"),
    (laws.IDENTITY.broken_by, "import uuid\nnew = str(uuid.uuid4())"),
    (laws.IDENTITY.broken_by, "from secrets import token_hex as token"),
    (laws.IDENTITY.broken_by, "from ulid import ULID"),
    (laws.HASHING.broken_by, "import hashlib\nhashlib.sha256(b'')"),
    (laws.DERIVING.broken_by, "from hashlib import scrypt\nscrypt(b'')"),
    (laws.kept_by_hand, "import functools\n@functools.cache\ndef made():\n    return 1"),
    (laws.kept_by_hand, "from functools import lru_cache\n@lru_cache(maxsize=1)\ndef made():\n    return 1"),
    (laws.kept_by_hand, "import functools\nmade = functools.cache(lambda: 1)"),
    (laws.kept_by_hand, "import functools\nclass Made:\n    @functools.cache\n    def made(self):\n        return 1"),
    (laws.keys_written_by_hand, "key = 'ORDER#1'"),
    (laws.keys_written_by_hand, "def key(id):\n    return f'ORDER#{id}'"),
    (laws.untyped_fields, "def show(order):\n    return vars(order) | {'late': True}"),
    (laws.untyped_fields, "import builtins\nbuiltins.vars(order)"),
    (laws.packages_in_the_domain, "import pydantic"),
    (laws.packages_in_the_domain, "from chalicelib.storage import table"),
    (laws.packages_in_the_domain, "from . import errors"),
    (laws.too_long, "'''Much.'''\n" + "x = 1\n" * laws.MOST_LINES_OF_A_FILE),
    (laws.too_long, "def long():\n" + "    x = 1\n" * laws.MOST_LINES_OF_A_FUNCTION),
    (laws.untold, "x = 1"),
    (laws.unfrozen, "@dataclass\nclass Shape: ..."),
    (laws.unfrozen, "@dataclasses.dataclass(slots=True)\nclass Shape: ..."),
    (laws.unfrozen, "@dataclass(frozen=False)\nclass Shape: ..."),
    (laws.unfrozen, "class Shape(BaseModel): ..."),
    (laws.unfrozen, "class Shape(pydantic.BaseModel):\n    model_config = ConfigDict(extra='forbid')"),
    (laws.unfrozen, "class Shape(Body):\n    model_config = ConfigDict(frozen=False)"),
    (laws.unfrozen, "def make():\n    class Shape(BaseSettings): ..."),
]

HARMLESS: list[tuple[Law, str]] = [
    (laws.ENVIRONMENT.broken_by, "import os\npath = os.path.join('a', 'b')"),
    (laws.TIME.broken_by, "from chalicelib import clock\nat = clock.now()"),
    (laws.TIME.broken_by, "import time\nstarted = time.monotonic()"),
    (laws.IDENTITY.broken_by, "from chalicelib import ids\nnew = ids.new()"),
    (laws.kept_by_hand, "import functools\ndef act():\n    return functools.cache(lambda: 1)"),
    (laws.keys_written_by_hand, '"""A key looks like ORDER#id."""\n# ORDER#id\nx = 1\n"""Or LOT#id."""'),
    (laws.keys_written_by_hand, "trace = '## open_order'"),
    (laws.untyped_fields, "class Order:\n    def vars(self): ...\nOrder().vars()"),
    (laws.packages_in_the_domain, "import json\nfrom chalicelib.domain.errors import Conflict"),
    (laws.unfrozen, "@dataclass(frozen=True, slots=True)\nclass Shape: ..."),
    (laws.unfrozen, "class Shape(BaseModel):\n    model_config = ConfigDict(frozen=True)"),
    (laws.unfrozen, "class Shape(Body):\n    model_config = ConfigDict(serialize_by_alias=True)"),
    (laws.unfrozen, "class Error(Exception): ..."),
]


@pytest.fixture(scope="module")
def broken() -> dict[Law, list[str]]:
    """What each law says. A file is parsed once for all laws that are about it."""
    laws_of: defaultdict[str, list[Law]] = defaultdict(list)
    for law, places in PLACES:
        for path in paths(*places):
            laws_of[path].append(law)
    said = [(law, law(source)) for path, of_file in laws_of.items() for source in sources(path) for law in of_file]
    return {law: [sentence for one, sentences in said if one == law for sentence in sentences] for law, _ in PLACES}


@pytest.mark.parametrize("law", [law for law, _ in PLACES])
def test_a_law_holds_in_every_file_it_is_about(broken: dict[Law, list[str]], law: Law) -> None:
    assert broken[law] == []


@pytest.mark.parametrize(("law", "text"), BREACHES)
def test_a_breach_of_a_law_is_seen(law: Law, text: str) -> None:
    assert len(law(Source("chalicelib/domain/breach.py", text))) >= 1


@pytest.mark.parametrize(("law", "text"), HARMLESS)
def test_what_only_looks_like_a_breach_is_let_through(law: Law, text: str) -> None:
    assert law(Source("chalicelib/domain/harmless.py", text)) == []


@pytest.mark.parametrize("law", [laws.ENVIRONMENT, laws.TIME, laws.IDENTITY, laws.HASHING, laws.DERIVING])
def test_the_one_file_that_may_is_there_and_does(law: laws.Only) -> None:
    keeper = next(source for source in sources(*SHIPPED) if source.path == law.keeper)
    elsewhere = Source("chalicelib/elsewhere.py", keeper.text)
    assert law.broken_by(keeper) == []
    assert len(law.broken_by(elsewhere)) >= 1


def test_the_laws_are_held_against_the_files_that_ship() -> None:
    assert {"app.py", "chalicelib/settings.py", "functions/_endpoint.py"} <= {
        source.path for source in sources(*SHIPPED)
    }


@pytest.mark.parametrize(("path", "name"), laws.GATHERING)
def test_a_shape_that_may_change_in_place_is_there_and_is_not_frozen(path: str, name: str) -> None:
    (source,) = sources(path)
    elsewhere = laws.unfrozen(Source("chalicelib/elsewhere.py", source.text))
    assert [sentence.split()[1] for sentence in elsewhere] == [name]
