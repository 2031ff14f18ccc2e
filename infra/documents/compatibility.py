"""What breaks an older client: the differences of two contracts that it would notice.

A client may leave out what is new, and must accept new fields and new values of enumerations in answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]

_LOWER, _UPPER = ("minimum", "exclusiveMinimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")
_JSON = "application/json"


def broken_promises(released: Json, now: Json) -> list[str]:
    """What would break a client of the last release, although the version does not say so."""
    versions = (each["info"]["version"] for each in (released, now))
    return [] if may_break(*versions) else breaking(released, now)


def may_break(before: str, after: str) -> bool:
    """Whether a version may break the clients of an earlier one: with a new first number, below 1.0 with a new second.

    Source: Semantic Versioning 2.0.0, items 4 and 8.
    """
    old, new = ([int(number) for number in version.split(".")[:2]] for version in (before, after))
    return new[0] != old[0] or (new[0] == 0 and new[1] != old[1])


def breaking(before: Json, after: Json) -> list[str]:
    """What a client of the contract `before` would miss or be refused under `after`, one sentence each."""
    return [*dict.fromkeys(_broken(before, after))]


def _broken(before: Json, after: Json) -> Iterator[str]:
    for path, operations in before["paths"].items():
        for method, old in operations.items():
            name = f"{method.upper()} {path}"
            new = after["paths"].get(path, {}).get(method)
            if new is None:
                yield f"{name}: is removed"
                continue
            sent = _Reading(before, after, name, of_answers=False)
            yield from sent.parameters(old, new)
            yield from sent.bodies(old, new)
            yield from _Reading(after, before, name, of_answers=True).answers(old, new)


@dataclass(frozen=True)
class _Reading:
    """Somebody gives values of one contract, and somebody reads them who knows the other.

    Of a request the client gives and Takip reads; of an answer (`of_answers`) Takip gives and the client reads.
    """

    giver: Json
    reader: Json
    where: str
    of_answers: bool
    seen: frozenset[tuple[str, str]] = frozenset()

    def parameters(self, old: Json, new: Json) -> Iterator[str]:
        """Parameters that are removed, needed now, or take less."""
        given, read = self._by_name(self.giver, old), self._by_name(self.reader, new)
        for name, parameter in given.items():
            if name in read:
                yield from self._at(name).values(parameter["schema"], read[name]["schema"])
            else:
                yield f"{self.where}: {name} is removed"
        needed = {name for name, parameter in read.items() if parameter.get("required")}
        yield from (
            f"{self.where}: {name} is needed now"
            for name in sorted(needed)
            if not given.get(name, {}).get("required", False)
        )

    def bodies(self, old: Json, new: Json) -> Iterator[str]:
        """Bodies that take less, or are needed now."""
        given, read = old.get("requestBody"), new.get("requestBody")
        if given and not read:
            yield f"{self.where}: takes no body any more"
        elif read and read["required"] and not (given and given["required"]):
            yield f"{self.where}: a body is needed now"
        elif given and read:
            yield from self.values(given["content"][_JSON]["schema"], read["content"][_JSON]["schema"])

    def answers(self, old: Json, new: Json) -> Iterator[str]:
        """Successes that are removed, and their bodies that give less."""
        for status, answer in old["responses"].items():
            if not status.startswith("2"):
                continue
            if status not in new["responses"]:
                yield f"{self.where}: {status} is removed"
                continue
            for kind, content in answer.get("content", {}).items():
                now = new["responses"][status].get("content", {}).get(kind)
                if now is None:
                    yield f"{self.where}: {kind} is removed"
                elif "schema" in content and "schema" in now:
                    yield from self.values(now["schema"], content["schema"])

    def values(self, given: Json, read: Json) -> Iterator[str]:
        """Why a value that is given cannot be read."""
        pair = given.get("$ref", ""), read.get("$ref", "")
        if all(pair) and pair in self.seen:
            return
        deeper = replace(self, seen=self.seen | {pair})
        givens, reads = _options(self.giver, given), _options(self.reader, read)
        for option in givens:
            found = [list(deeper.value(option, each)) for each in reads]
            yield from min(found, key=len)

    def value(self, given: Json, read: Json) -> Iterator[str]:
        """Why a value of one schema cannot be read as one of another; neither is a reference or a choice."""
        kinds, known = _kinds(given), _kinds(read)
        if known and not (kinds and kinds <= known):
            yield f"{self.where}: {_listed(kinds)} comes where {_listed(known)} is read"
            return
        values, choices = _choices(given), _choices(read)
        if choices is not None and not self.of_answers and (values is None or not values <= choices):
            yield f"{self.where}: takes only {_listed(choices)} now"
        if not self.of_answers:
            yield from self._bounds(given, read)
        yield from self._members(given, read)
        for name in ("items", "additionalProperties"):
            if isinstance(given.get(name), dict) and isinstance(read.get(name), dict):
                yield from self._at("[]").values(given[name], read[name])

    def _bounds(self, given: Json, read: Json) -> Iterator[str]:
        for name in _LOWER:
            if name in read and not given.get(name, read[name] - 1) >= read[name]:
                yield f"{self.where}: {name} is {read[name]} now"
        for name in _UPPER:
            if name in read and not given.get(name, read[name] + 1) <= read[name]:
                yield f"{self.where}: {name} is {read[name]} now"
        if "pattern" in read and given.get("pattern") != read["pattern"]:
            yield f"{self.where}: the pattern is {read['pattern']} now"

    def _members(self, given: Json, read: Json) -> Iterator[str]:
        came, known = given.get("properties", {}), read.get("properties", {})
        kept, gone = (known, came) if self.of_answers else (came, known)
        yield from (f"{self.where}: {name} is removed" for name in kept if known and name not in gone)
        needed = set(read.get("required", ())) - set(given.get("required", ()))
        says = "may be missing now" if self.of_answers else "is needed now"
        yield from (f"{self.where}: {name} {says}" for name in sorted(needed) if name in gone or not self.of_answers)
        for name in came.keys() & known.keys():
            yield from self._at(name).values(came[name], known[name])

    def _at(self, name: str) -> "_Reading":
        return replace(self, where=f"{self.where}, {name}")

    @staticmethod
    def _by_name(contract: Json, operation: Json) -> dict[str, Json]:
        found = (_resolved(contract, each) for each in operation.get("parameters", ()))
        return {each["name"]: each for each in found}


def _resolved(contract: Json, value: Json) -> Json:
    """What a reference leads to."""
    while "$ref" in value:
        found: Any = contract
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def _options(contract: Json, schema: Json) -> list[Json]:
    """The schemas of which a value has one."""
    found = _resolved(contract, schema)
    inner = found.get("anyOf") or found.get("oneOf")
    return [each for option in inner for each in _options(contract, option)] if inner else [found]


def _kinds(schema: Json) -> frozenset[str]:
    """The JSON types of a schema. A number may be an integer too."""
    named = schema.get("type", "string" if _choices(schema) else ())
    kinds = {named} if isinstance(named, str) else set(named)
    return frozenset(kinds | ({"integer"} if "number" in kinds else set()))


def _choices(schema: Json) -> frozenset[Any] | None:
    """The values of an enumeration; None where there is none."""
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return None if values is None else frozenset(values)


def _listed(values: frozenset[Any]) -> str:
    return ", ".join(sorted(map(str, values))) or "anything"
