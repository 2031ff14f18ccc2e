"""What an unknown tag may be: a suggestion for the tags of its machine, guessed from its name and a value."""

import json
import re

from chalicelib.domain.machines.readings import CUSTOM
from chalicelib.domain.text import folded, unmarked

# The first word that is in the name decides. Turkish words stand beside the English ones, as `folded` writes them.
_WORDS = (
    ("temperature", ("temp", "sicaklik")),
    ("pressure", ("press", "basinc")),
    ("vibration", ("vibra", "titresim")),
    ("humidity", ("humid", "rutubet")),
    ("flow_rate", ("flow", "debi")),
    ("cycle_count", ("count", "cycle", "pieces", "parts", "shots", "adet", "sayac")),
    ("state", ("state", "status", "mode", "durum")),
    ("speed", ("speed", "rpm", "hiz", "devir")),
    ("voltage", ("volt", "gerilim")),
    ("current", ("current", "amper", "akim")),
    ("power", ("power", "kilowatt", "guc")),
)
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_ID = 64


def suggestion(tag: str, value: object) -> str:
    """A tag for the machine, as JSON: the type that its name or a value of it suggests, and a sensor named like it."""
    sensor = _NOT_IN_IDS.sub("_", unmarked(tag))[:_LONGEST_ID]
    return json.dumps({"tag": tag, "type": guessed_type(tag, value), "sensor": sensor}, ensure_ascii=False)


def guessed_type(tag: str, value: object) -> str:
    """The type that the name of a tag suggests; otherwise `state` for a text, and `custom` for a number."""
    name = unmarked(folded(tag))
    if isinstance(value, str):
        return "state"
    found = (type_name for type_name, words in _WORDS if any(word in name for word in words))
    return next(found, CUSTOM)
