"""Documents that the code can derive say what the code says."""

import pytest

from tests.architecture import documents


@pytest.mark.parametrize("name", documents.TABLES)
def test_a_derived_document_is_up_to_date(name: str) -> None:
    written = (documents.DOCS / name).read_text(encoding="utf-8")
    assert written == documents.derived(name), "run: python -m tests.architecture.documents"


def test_every_error_has_a_code_of_its_own() -> None:
    documents.load_everything()
    ours, _, _ = documents.errors_table().partition("API Gateway")
    codes = [line.split("`")[1] for line in ours.splitlines()[2:] if line]
    assert len(codes) > 20
    assert len(codes) == len(set(codes))
    assert all(code.startswith("ERR_") for code in codes)
