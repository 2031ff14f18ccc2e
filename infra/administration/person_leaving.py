"""Who may come in, and the data of one person: taken along or erased."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib import clock
from chalicelib.domain.instants import wire
from chalicelib.services import tenants
from chalicelib.services.leaving import access, people
from infra.leaving.live import forget_boards
from infra.leaving.taken import line, taken


def audit(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell who and what may come in, of the tenant `tenant` or, if it is None, of all."""
    chosen = [tenants.require(given["tenant"])] if given["tenant"] else tenants.every()
    for tenant in chosen:
        for each in access.of_tenant(tenant.id):
            told = {name: _plain(value) for name, value in asdict(each).items()}
            yield {"tenant": tenant.id, **told}


def take(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write all that names the person `who`, perhaps by other names `also`, into the file `to`."""
    user, kept = people.find(given["tenant"], given["who"]), []
    for seen, items in people.everything(given["tenant"], user, given["also"]):
        kept += [each for item in items if (each := taken(item))]
        yield {"seen": seen, "done": len(items)}
    by_kind: dict[str, list[Any]] = {}
    for each in sorted(kept, key=lambda each: (each["kind"], each["key"])):
        by_kind.setdefault(each["kind"], []).append(each)
    content = {"tenant": given["tenant"], "person": user.id, "made_at": wire(clock.now()), "items": by_kind}
    Path(given["to"]).write_text(line(content) + "\n", encoding="utf-8")
    yield {"person": user.id, "items": len(kept)}


def erase(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Erase the person `who`, perhaps called by other names `also`. `dry_run` only counts what names them."""
    user = people.find(given["tenant"], given["who"])
    if given["dry_run"]:
        for seen, items in people.everything(given["tenant"], user, given["also"]):
            yield {"seen": seen, "done": len(items)}
    else:
        for seen, done in people.erase(given["tenant"], user, given["also"]):
            yield {"seen": seen, "done": done}
        forget_boards(given["tenant"])
    yield {"person": user.id, "was_erased": bool(user.erased_at)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return wire(value)
    return value if isinstance(value, str | bool | list | tuple | None) else str(value)
