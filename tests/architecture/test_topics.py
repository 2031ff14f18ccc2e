"""MQTT topics, in the template and in the documents: AWS allows seven slashes, and the emulator does not look."""

import re

from infra.places import PROJECT

SLASHES = 7
TOPIC = re.compile(r"(?:takip/[^\s/]+/machines|umh/v1|spBv1\.0)/[^\s'\"`|)]+")


def topics() -> set[str]:
    """Every topic and topic filter. Basic Ingest's own three levels are not counted, as on AWS."""
    places = [
        PROJECT / "infra" / "resources.yaml",
        *(PROJECT / "docs").rglob("*.md"),
        *(PROJECT / "docs").rglob("*.py"),
    ]
    return {topic for place in places for topic in TOPIC.findall(place.read_text(encoding="utf-8"))}


def test_no_topic_has_more_slashes_than_aws_allows() -> None:
    found = topics()
    assert {"takip/+/machines/+/readings", "umh/v1/#", "umh/v1/acme/izmir/hall1/M1/_raw/Temperature"} <= found
    assert [topic for topic in found if topic.count("/") > SLASHES] == []
