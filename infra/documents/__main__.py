"""Write the derived parts of all documents, and the published contract."""

from infra.documents.derived import CONTRACT, DOCS, TABLES, contract, derived

for name in TABLES:
    (DOCS / name).write_text(derived(name), encoding="utf-8")
(DOCS / CONTRACT).write_text(contract(), encoding="utf-8")
