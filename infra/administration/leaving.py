"""A company leaves: its data is taken along, its tenant is closed, and all of it is removed."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from chalicelib import clock
from chalicelib.domain.instants import wire
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.leaving import removing, taking
from infra.leaving.bucket import TenantFiles
from infra.leaving.folder import FILES, Folder
from infra.leaving.live import forget_boards

MOST_PASSES = 5
"""A closed tenant gets nothing new but messages of machines; more passes would not find less."""


def take(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write all that the tenant `id` has into the folder `to`: how many items were seen and taken, then the files."""
    tenant = tenants.require(given["id"]).id
    files = TenantFiles(tenant)
    with Folder(Path(given["to"]), tenant) as folder:
        yield {"part": "Items"}
        for page in taking.pages(tenant):
            for item in page.items:
                if item["kind"] == "chunk":
                    folder.add_readings(taking.readings(item))
                else:
                    folder.add(item)
            yield {"seen": page.seen, "done": len(page.items)}
        keys = files.keys()
        yield {"part": "Photos and documents", "total": len(keys)}
        paths = []
        for key in keys:
            paths.append(files.copy(key, folder.path / FILES))
            yield {"seen": 1, "done": 1}
        folder.finish(paths)
    yield {"rows": dict(folder.rows), "files": len(paths)}


def close(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Close the tenant `id`."""
    yield _told(given["id"], tenants.close(given["id"]).closed_at)


def reopen(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Open the closed tenant `id` again."""
    yield _told(given["id"], tenants.reopen(given["id"]).closed_at)


def hold(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Count what the tenant `id` has, page by page, then tell it: items by kind, files, and when it was used last."""
    _refuse_default(given["id"])
    holding = removing.Holding()
    for page in taking.pages(given["id"]):
        holding = holding.and_also(page.items)
        yield {"seen": page.seen}
    yield {
        "kinds": dict(holding.kinds),
        "files": len(TenantFiles(given["id"]).keys()),
        "used_at": holding.used_at and wire(holding.used_at),
        "used_lately": bool(holding.used_at and clock.now() - holding.used_at < removing.LATELY),
    }


def delete(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Close the tenant `id` and delete all of it: parts, then what was seen and is gone, then what is `left`."""
    tenant = given["id"]
    _refuse_default(tenant)
    quiet_at = removing.quiet_at(tenant)
    yield {"part": "Screens"}
    yield {"seen": forget_boards(tenant), "gone": 0}
    yield from _pass(tenant, "Items")
    yield {"part": "Photos and documents"}
    for gone in TenantFiles(tenant).delete():
        yield {"seen": gone, "gone": gone}
    while quiet_at and (left := quiet_at - clock.now()).total_seconds() > 0:
        yield {"waits_until": wire(quiet_at)}
        clock.wait(min(left, removing.A_WHILE))
    left_over = 1
    for number in range(1, MOST_PASSES + 1):
        if left_over:
            left_over = yield from _pass(tenant, f"Looking again ({number})")
    for gone in TenantFiles(tenant).delete():
        yield {"seen": gone, "gone": gone}
    if not left_over:
        removing.remove_itself(tenant)
    yield {"left": left_over}


def _pass(tenant: str, part: str) -> Generator[dict[str, Any], None, int]:
    """Delete what there is in the table. Returns how much that was."""
    yield {"part": part}
    total = 0
    for seen, gone in removing.removed(tenant):
        total += gone
        yield {"seen": seen, "gone": gone}
    return total


def _refuse_default(tenant: str) -> None:
    if tenant == DEFAULT_TENANT:
        raise tenants.default_stays()


def _told(tenant: str, closed_at: Any) -> dict[str, Any]:
    return {"id": tenant, "closed_at": closed_at and wire(closed_at)}
