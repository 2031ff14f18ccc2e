"""Exports of the deployed system: what the gateway passes on is a file that a spreadsheet opens."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
from click.testing import CliRunner

from infra.cli import commands
from tests.e2e.conftest import ADMIN, Deployed


def test_an_export_is_a_file_with_every_row_once(deployed: Deployed, tmp_path: Path) -> None:
    customer = f"=Şahin {uuid4()}"
    headers = {"Authorization": f"Bearer {deployed.token()}"}
    now = datetime.now(UTC)
    for n in range(3):
        body = {
            "product_code": f"P-{n}",
            "quantity": 1.5,
            "customer": customer,
            "planned_start": now.isoformat(),
            "planned_end": (now + timedelta(hours=1)).isoformat(),
        }
        httpx.post(f"{deployed.url}/workorders", json=body, headers=headers, timeout=30).raise_for_status()
    out = tmp_path / "orders.csv"
    days = ["--from", str((now - timedelta(days=1)).date()), "--to", str((now + timedelta(days=1)).date())]
    account = ["--url", deployed.url, "--username", ADMIN["username"]]

    ended = CliRunner().invoke(
        commands.takip,
        ["export", "orders", *days, "--out", str(out), "--bom", *account],
        input=f"{ADMIN['password']}\n",
    )

    assert ended.exit_code == 0, ended.output
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,number,")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, strict=True) if row["customer"] == f"'{customer}"]
    assert [(row["product_code"], row["quantity"]) for row in rows] == [(f"P-{n}", "1.5") for n in range(3)]
    refused = httpx.get(f"{deployed.url}/exports/orders", headers={**headers, "Accept": "text/html"}, timeout=30)
    assert (refused.status_code, refused.json()["error"]["code"]) == (406, "ERR_REQUEST_NOT_ACCEPTABLE")
