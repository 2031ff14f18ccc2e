"""Every text has its Turkish, every code its label and its line in the documents."""

import ast
import re
from collections.abc import Iterator

from chalicelib.domain import meta
from chalicelib.domain.andon.attachments import Refusal
from chalicelib.domain.errors import TakipError
from chalicelib.domain.labels.field_codes import FIELD_CODES
from chalicelib.domain.labels.nulls import DOUBTS, NULLS
from chalicelib.domain.machines.readings import STATES
from chalicelib.domain.numbers import catalogue
from chalicelib.domain.orders.session_records import Cause
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.schemas.findings import FORMS
from chalicelib.schemas.turkish import TURKISH
from chalicelib.schemas.turkish.details import DETAILS
from chalicelib.schemas.turkish.fields import FIELDS
from chalicelib.schemas.turkish.old_app import OLD_APP
from chalicelib.schemas.turkish.plant import PLANT
from chalicelib.schemas.turkish.titles import TITLES
from functions import sync
from infra.deployment.gateway import GATEWAY_ANSWERS
from infra.documents.derived import load_everything
from tests.architecture.spoken import ROOT, sources, spoken
from tests.domain.test_errors import descendants
from tests.functions.texts import NAMES

PLACE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
CODED = {"FieldError": 2, "Wrong": 1, "NotAnInstant": 1, "refuse": 2, "refused": 0, "_unusable": 1}


def test_every_text_has_its_turkish_and_nothing_else_has() -> None:
    said = spoken()
    assert said - TURKISH.keys() == set()
    assert TURKISH.keys() - said == set()


def test_every_text_of_an_error_is_said() -> None:
    """A bare text could not be said in Turkish, and its numbers would have no fields."""
    bare = (ast.Constant, ast.JoinedStr, ast.BinOp)
    for path, tree in sources():
        bound = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, bare)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call, place in _errors(tree):
            text = call.args[place] if place < len(call.args) else None
            assert not isinstance(text, bare), (path, call.lineno)
            assert getattr(text, "id", "") not in bound, (path, call.lineno)


def test_no_text_stands_in_two_tables() -> None:
    assert len(TURKISH) == sum(len(table) for table in (TITLES, DETAILS, FIELDS, OLD_APP, PLANT))


def test_the_turkish_names_what_the_english_names_and_ends_as_it_does() -> None:
    for english, turkish in TURKISH.items():
        assert set(PLACE.findall(turkish)) == set(PLACE.findall(english)), english
        assert turkish.endswith(".") == english.endswith("."), english
        assert turkish != english, english


def test_every_number_in_a_text_is_a_value_of_it() -> None:
    texts = {*TURKISH, *TURKISH.values()}
    assert [text for text in texts if re.search(r"\d", NAMES.sub("", PLACE.sub("", text)))] == []


def test_every_value_and_reason_has_a_label_in_both_languages() -> None:
    labels = meta.labels(DEFAULT_SETTINGS)
    for name, codes in meta.values(DEFAULT_SETTINGS).items():
        assert set(codes) <= labels[name].keys(), name
    assert {*(reason for entry in catalogue.ENTRIES for reason in entry.reasons)} <= NULLS.keys()
    assert DOUBTS.keys() == catalogue.DOUBTS.keys()
    assert set(labels["session_end"]) == {cause.value for cause in Cause}
    assert set(labels["attachment_refusal"]) == {refusal.value for refusal in Refusal}
    assert set(STATES) <= labels["machine_state"].keys()
    commands = {row["command"] for table in meta.state_machines().values() for row in table if "roles" in row}
    assert commands | sync.OFFLINE.keys() <= labels["command"].keys()
    assert all(label["tr"] and label["en"] for table in labels.values() for label in table.values())


def test_every_code_of_a_field_error_has_a_label_and_is_used() -> None:
    used = {code for _, tree in sources() for code in _codes(tree)} | FORMS.keys()
    own = {
        "invalid",
        "value_error",
        "datetime_parsing",
        "datetime_from_date_parsing",
        "timezone_aware",
        "not_an_instant",
    }
    assert FIELD_CODES.keys() == used | own


def test_what_the_gateway_answers_itself_is_in_turkish_in_the_documents() -> None:
    page = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    assert [each for each in GATEWAY_ANSWERS.values() if f"{each[2]} | {each[3]} |" not in page] == []
    assert all(english != turkish for _, _, english, turkish in GATEWAY_ANSWERS.values())


def test_every_code_of_a_field_error_is_documented() -> None:
    page = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    assert [code for code in FIELD_CODES if f"| `{code}` |" not in page] == []


def _errors(tree: ast.Module) -> Iterator[tuple[ast.Call, int]]:
    """The calls in a source that make errors, and the place of the text among their arguments."""
    load_everything()
    errors = {error.__name__ for error in descendants(TakipError)} - {"InvalidFields"}
    texts = {"FieldError": 1, "Wrong": 0, "NotAnInstant": 0, "refused": 1, **dict.fromkeys(errors, 0)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in texts:
            yield call, texts[getattr(call.func, "id", "")]


def _codes(tree: ast.Module) -> Iterator[str]:
    """The codes with which errors of fields are made in a source."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            place = CODED.get(getattr(call.func, "id", getattr(call.func, "attr", "")), len(call.args))
            if place < len(call.args) and isinstance(code := call.args[place], ast.Constant):
                yield str(code.value)
