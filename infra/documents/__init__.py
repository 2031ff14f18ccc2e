"""Parts of documents that are derived from the code. `python -m infra.documents` writes them."""
