"""What the compose file of LocalStack mounts, laid out as in the container."""

import shutil
from pathlib import Path

import yaml

from infra.places import PROJECT

FILE = PROJECT / "docker-compose.localstack.yml"


def mount(root: Path) -> Path:
    """Copy what the container has of the project to the same paths under `root`. Returns the container's PYTHONPATH."""
    service = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]["localstack"]
    for volume in service["volumes"]:
        source, target, *_ = volume.split(":")
        if source.startswith("./"):  # of the project
            shutil.copytree(PROJECT / source, root / target.lstrip("/"))
    path: str = service["environment"]["PYTHONPATH"]
    return root / path.lstrip("/")
