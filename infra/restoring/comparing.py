"""What a restored table lacks of the one that serves, item by item. Nothing is changed in either."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws import Aws
from infra.deployment import tables

_SEGMENTS = 4
Key = tuple[str, str]
Held = Mapping[Key, tuple[str, bytes]]
"""The items of a table: of each its kind and a digest of all that it says."""


@dataclass(frozen=True)
class Difference:
    """Of a kind of items: how many the restored table lacks, has in another form, and has alone."""

    kind: str
    lacking: int
    other: int
    alone: int


@dataclass(frozen=True)
class Compared:
    """How many items the restored table has, and what differs, by kind."""

    items: int
    differences: tuple[Difference, ...]


def compare(aws: Aws, serving: str, restored: str, note: Path) -> Compared:
    """Compare two tables. Each item that differs becomes a line of JSON in the file `note`: what, kind, PK and SK.

    Both tables are read whole, so each 8 KB cost a read unit. It takes about 200 MB of memory for a million items.
    Where the one that serves is gone, the other has all its items alone.
    """
    then, now = (_read(aws, name) if tables.described(aws, name) else {} for name in (restored, serving))
    found = list(_differing(then, now))
    note.parent.mkdir(parents=True, exist_ok=True)
    with note.open("w", encoding="utf-8") as file:
        file.writelines(
            json.dumps({"what": what, "kind": kind, "PK": pk, "SK": sk}, ensure_ascii=False) + "\n"
            for what, kind, (pk, sk) in found
        )
    counted = Counter((kind, what) for what, kind, _ in found)
    kinds = sorted({kind for kind, _ in counted})
    differences = (Difference(kind, *(counted[kind, what] for what in ("lacking", "other", "alone"))) for kind in kinds)
    return Compared(len(then), tuple(differences))


def _differing(then: Held, now: Held) -> Iterator[tuple[str, str, Key]]:
    for key, (kind, digest) in sorted(now.items()):
        before = then.get(key)
        if before is None:
            yield "lacking", kind, key
        elif before[1] != digest:
            yield "other", kind, key
    yield from (("alone", then[key][0], key) for key in sorted(then.keys() - now.keys()))


def _read(aws: Aws, table: str) -> Held:
    with ThreadPoolExecutor(_SEGMENTS) as pool:
        parts = pool.map(lambda segment: dict(_segment(aws, table, segment)), range(_SEGMENTS))
        return {key: held for part in parts for key, held in part.items()}


def _segment(aws: Aws, table: str, segment: int) -> Iterator[tuple[Key, tuple[str, bytes]]]:
    pages = aws.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=table, Segment=segment, TotalSegments=_SEGMENTS):
        for item in page["Items"]:
            yield (item["PK"]["S"], item["SK"]["S"]), (item.get("kind", {}).get("S", "?"), _digest(item))


def _digest(item: Mapping[str, Any]) -> bytes:
    told = json.dumps(item, sort_keys=True, default=bytes.hex).encode()
    return hashlib.blake2b(told, digest_size=8).digest()
