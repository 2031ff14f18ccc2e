"""Schemathesis, run as a program against a system that answers over HTTP."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# Not an internal error, a status and a media type that are declared, headers and a body within their schemas.
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)
# Only the links of the contract itself are followed. Those that schemathesis would guess are thousands.
SETTINGS = "[phases.stateful.inference]\nalgorithms = []\n"
STARTS_WITHIN_SECONDS = 200


def fuzz(
    url: str,
    contract: bytes,
    headers: Mapping[str, str],
    folder: Path,
    phases: Sequence[str],
    *,
    seconds: int,
    options: Sequence[str] = (),
) -> str:
    """Send requests made from a contract for so many seconds, in these phases. Returns what schemathesis tells.

    `options` are further ones of its command line.
    Fails with the requests that were answered otherwise than the contract says, or if a phase had nothing to do.
    """
    (folder / "openapi.json").write_bytes(contract)
    (folder / "schemathesis.toml").write_text(SETTINGS)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run", "openapi.json", f"--url={url}"),
        *(f"--header={name}: {value}" for name, value in headers.items()),
        *(f"--checks={','.join(CHECKS)}", f"--phases={','.join(phases)}", f"--max-time={seconds}"),
        *("--continue-on-failure", "--generation-database=none", "--warnings=off", "--request-timeout=60"),
        *options,
    ]
    limit = seconds + STARTS_WITHIN_SECONDS
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=limit)
    failures = done.stdout.partition(" FAILURES ")[2] or done.stdout
    assert done.returncode == 0, failures[:6_000] + done.stderr[-2_000:]
    for phase in phases:
        assert re.search(rf"✅ +{phase}", done.stdout, re.IGNORECASE), f"{phase} did nothing:\n{done.stdout[-2_000:]}"
    return done.stdout


def creatable(contract: bytes) -> bytes:
    """The contract, so that most of what is made from it can be created.

    Fields that must be there are those of the example: of two instants at random the second is seldom the later one,
    and few numbers at random have three decimal places. Orders get their ids from Takip: short ones at random are soon
    taken. Stages name nobody and no machine: what does not exist cannot be named, and schemathesis would never begin
    with an order.
    """
    whole = json.loads(contract)
    schemas = whole["components"]["schemas"]
    for schema in schemas.values():
        for example in schema.get("examples", ()):
            fixed = {name: {"const": example[name]} for name in schema.get("required", ()) if name in example}
            schema["properties"].update(fixed)
    for shape, left_out in (("NewOrder", ("id", "number")), ("NewStage", ("assignee_ids", "machine_id"))):
        for name in left_out:
            del schemas[shape]["properties"][name]
    return json.dumps(whole).encode()


def links_followed(told: str) -> int:
    """How many links of the contract were followed."""
    found = re.search(r"API Links: +(\d+) covered", told)
    return int(found[1]) if found else 0
