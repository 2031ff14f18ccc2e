"""Write the derived parts of all documents."""

from infra.documents.derived import DOCS, TABLES, derived

for name in TABLES:
    (DOCS / name).write_text(derived(name), encoding="utf-8")
