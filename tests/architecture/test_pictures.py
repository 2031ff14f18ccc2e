"""Pictures in the documents show pages in their present styles, and are small."""

import json

from infra.pictures import FOLDER, MOST_BYTES, NOTED, taken_of


def test_pictures_were_taken_in_the_present_styles() -> None:
    noted = json.loads((FOLDER / NOTED).read_text(encoding="utf-8"))
    assert noted == taken_of(), "the look changed: python takip.py up --detach --demo, then python -m infra.pictures"


def test_each_picture_is_small_and_shown() -> None:
    readme = (FOLDER.parent.parent / "README.md").read_text(encoding="utf-8")
    for picture in taken_of():
        assert (FOLDER / picture).stat().st_size <= MOST_BYTES
        assert f"docs/pictures/{picture}" in readme
