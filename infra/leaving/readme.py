"""The README of the folder with which a company leaves."""

_README = """# Takip: all data of {tenant}

This folder holds what Takip kept of the company `{tenant}`. (Bu klasör, Takip'in `{tenant}` şirketi için sakladığı her
şeyi içerir.)

| what | is |
|---|---|
| `data/KIND.ndjson` | one item a line, as JSON: `kind`, `key` (where it stood), `revision`, `expires_at`, `data` |
| `readings.csv` | what machines sent: a row for each reading, `at` in the time of the device (UTC) |
| `files/ISSUE/ATTACHMENT.jpg` | photos and documents of issues; their names are in `data/attachments.ndjson` |
| `files/as uploaded/` | files that nobody confirmed, or that were confirmed a moment ago |
| `manifest.json` | every file with its rows, size and SHA-256. It is written last: with it the folder is complete |

- Instants are in UTC, as RFC 3339. Spans of time are in milliseconds.
- Numbers have all their digits. Read them as decimals if you count with them.
- A field that is missing has its default, such as none, no or zero.
- People are named by ids. `data/user.ndjson` says who they are.
- There is no password, PIN, key or secret in this folder. The manifest says what stays behind (`left_out`).

The most important kinds: `order`, `stage`, `session` (who worked, from when to when), `report` (pieces), `issue`,
`note`, `command` (who did what), `user`, `machine`, `product`, `route`, `calendar`, `rollup` (machines by hour),
`daily` (sums of days), `stop_explanation`, `security_event`.

## To read it
With Python alone, every number with all its digits:

```python
import json
from decimal import Decimal
from pathlib import Path

lines = Path("data/order.ndjson").read_text(encoding="utf-8").splitlines()
orders = [json.loads(line, parse_float=Decimal)["data"] for line in lines]
```

With pandas:

```python
import pandas

sessions = pandas.json_normalize(pandas.read_json("data/session.ndjson", lines=True)["data"])
readings = pandas.read_csv("readings.csv", parse_dates=["at"])
```
"""


def readme(tenant: str) -> str:
    """The README for a tenant."""
    return _README.format(tenant=tenant)
