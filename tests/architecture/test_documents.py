"""The derived parts of documents agree with the code."""

import pytest

from infra.documents import derived
from infra.documents.errors import errors_table


@pytest.mark.parametrize("name", derived.TABLES)
def test_a_derived_document_is_up_to_date(name: str) -> None:
    written = (derived.DOCS / name).read_text(encoding="utf-8")
    assert written == derived.derived(name), "run: python -m infra.documents"


def test_every_error_has_a_code_of_its_own() -> None:
    derived.load_everything()
    ours, _, _ = errors_table().partition("API Gateway")
    codes = [line.split("`")[1] for line in ours.splitlines()[2:] if line]
    assert len(codes) > 20
    assert len(codes) == len(set(codes))
    assert all(code.startswith("ERR_") for code in codes)
