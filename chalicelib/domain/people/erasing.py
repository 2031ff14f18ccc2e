"""Erasing a person: their name in all that people wrote, and what of theirs goes altogether. Their work stays."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.people.users import User

TEXTS = frozenset({"action", "cause", "description", "note", "reason", "text"})
"""The fields that hold what people wrote, in items of any kind."""

NAMED = frozenset({"attachments", "machine_key", "screen", "terminal"})
"""The kinds of items whose `name` people made up for a thing of theirs. Machines, products and stages keep theirs."""

THEIRS = frozenset({"badge", "device", "notification", "read_mark", "terminal_access"})
"""The kinds of items that go, if they are of the person."""

SHOWN = frozenset({"board", "idempotency_key", "presence"})
"""The kinds of items that go, if they name the person: boards are made anew, an answer is only told again, and who is
answering an issue says so again."""

LEAST = 3
"""A shorter username is not looked for in texts: it is most likely a part of a sentence."""

Values = Mapping[str, Any]
# The four letters i of Turkish and English are one, as when usernames are compared.
_I = dict.fromkeys("iıİI", "[iıİI]")


@dataclass(frozen=True)
class Person:
    """A person to be found in items: their id and what they are called, in whole words, in any case of letters."""

    id: str
    names: tuple[str, ...]

    @property
    def stands_for(self) -> str:
        """What is written in the place of their name."""
        return f"Silinmiş kişi {self.id[-4:]}"


def person(user: User, also: Iterable[str] = ()) -> Person:
    """A user, who may be called by other names `also`."""
    named = [user.full_name, user.username if len(user.username) >= LEAST else None, *also]
    return Person(user.id, tuple(sorted({name for name in named if name}, key=len, reverse=True)))


def erased(user: User, at: datetime) -> User:
    """The user without what tells who they are, and with a username that nobody wants. The id stays: work has it."""
    return replace(
        user,
        username=f"silinmis-{user.id.lower()}",
        full_name=person(user).stands_for,
        email=None,
        phone=None,
        active=False,
        must_change_password=False,
        version=user.version + 1,
        erased_at=at,
    )


def names(someone: Person, item: Values) -> bool:
    """Whether an item names a person: by their id, in its key or its data, or in a text."""
    keys = [str(item.get(name, "")) for name in ("PK", "SK")]
    return someone.id in " ".join(keys) or _holds(item["data"], someone.id) or without(someone, item) is not None


def goes(someone: Person, item: Values, throttle: str) -> bool:
    """Whether an item goes. `throttle` is the digest under which their failed sign-ins are counted."""
    kind = item["kind"]
    if kind in THEIRS:
        return someone.id in item["PK"] or item["data"].get("user_id") == someone.id
    if kind in SHOWN:
        return names(someone, item) or any(_is_in(name, f"{item['PK']} {item['data']}") for name in someone.names)
    return bool(kind == "throttle" and throttle in item["PK"])


def without(someone: Person, item: Values) -> dict[str, Any] | None:
    """An item without the person's names, and without the addresses that they came from; None if it has none."""
    if item["kind"] == "user":
        return None
    data, kind = item["data"], item["kind"]
    texts = TEXTS | ({"name"} if kind in NAMED else frozenset())
    after = _replaced(data, texts, lambda text: _said(someone, text))
    if kind == "security_event" and someone.id in (data.get("user_id"), data.get("actor_id")):
        after = {name: value for name, value in after.items() if name != "address"}
    return None if after == data else {**item, "data": after}


def _said(someone: Person, text: str) -> str:
    for name in someone.names:
        text = _pattern(name).sub(someone.stands_for, text)
    return text


def _is_in(name: str, text: str) -> bool:
    return _pattern(name).search(text) is not None


def _pattern(name: str) -> re.Pattern[str]:
    letters = "".join(_I.get(letter, re.escape(letter)) for letter in name)
    return re.compile(rf"(?<!\w){letters}(?!\w)", re.IGNORECASE)


def _replaced(value: Any, texts: frozenset[str], change: Callable[[str], str], field: str = "") -> Any:
    """A value with every text in these fields changed, however deep."""
    if isinstance(value, str):
        return change(value) if field in texts else value
    if isinstance(value, Mapping):
        return {name: _replaced(each, texts, change, name if name in texts else "") for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each, texts, change, field) for each in value]
    return value


def _holds(value: Any, identity: str) -> bool:
    """Whether a value is this id, or holds it."""
    if isinstance(value, Mapping):
        return any(_holds(each, identity) for each in (*value, *value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return any(_holds(each, identity) for each in value)
    return bool(value == identity)
