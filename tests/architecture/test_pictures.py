"""Pictures in the documents show the pages as they are, and are small."""

import json

from infra.pictures import FOLDER, MOST_BYTES, NOTED, taken_of


def test_pictures_were_taken_of_the_pages_as_they_are() -> None:
    noted = json.loads((FOLDER / NOTED).read_text(encoding="utf-8"))
    assert noted == taken_of(), "the page changed: python takip.py up --detach --demo, then python -m infra.pictures"


def test_each_picture_is_small_and_shown() -> None:
    readme = (FOLDER.parent.parent / "README.md").read_text(encoding="utf-8")
    for picture in taken_of():
        assert (FOLDER / picture).stat().st_size <= MOST_BYTES
        assert f"docs/pictures/{picture}" in readme
