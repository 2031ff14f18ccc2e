"""LocalStack on this machine without Docker, and Takip deployed to it."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from infra.aws import Aws
from infra.deployment import Site, deploy
from infra.deployment.target import interpreter
from infra.emulator.install import fill, is_outdated, python_of
from infra.emulator.process import REGION, Emulator, free_port
from infra.places import KEPT
from infra.problem import Problem
from infra.programs import run
from tests import compose

ENVIRONMENT = "local"
_PYTHON = "3.13"  # LocalStack's own
_HERE = Path(__file__).parent
_REQUIREMENTS = _HERE / "requirements.txt"
_READY_SECONDS = 180


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The embedded emulator, whose DynamoDB LocalStack uses."""
    emulator = Emulator(tmp_path_factory.mktemp("emulator"), free_port())
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def localstack(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """LocalStack, healthy. It has what its container has of the project, and nothing else."""
    try:
        found = interpreter(_PYTHON)
    except Problem as missing:
        pytest.skip(f"LocalStack runs on Python {_PYTHON} only, and it cannot be had here: {missing}".splitlines()[0])
    with _served(tmp_path_factory.mktemp("localstack"), _install(found), emulator) as aws:
        yield aws


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that keeps the build."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def site(localstack: Aws, home: Path) -> Site:
    """Takip, deployed to LocalStack."""
    return deploy(localstack, ENVIRONMENT, home)


def _install(interpreter: Path) -> Path:
    """Install LocalStack, once per clone. Returns its interpreter. Raises Problem if it cannot be downloaded."""
    folder = KEPT / "localstack"
    environment = folder / "environment"
    with is_outdated(folder, _REQUIREMENTS) as outdated:
        if outdated:
            shutil.rmtree(environment, ignore_errors=True)
            made = [str(interpreter), "-m", "venv", "--without-pip", str(environment)]
            run(made, "LocalStack's environment could not be made.")
            fill(environment, _REQUIREMENTS, "LocalStack's packages could not be installed.")
    return python_of(environment)


@contextmanager
def _served(root: Path, python: Path, emulator: Emulator) -> Iterator[Aws]:
    """Run LocalStack until the end of the block, with the files of its container under `root`."""
    aws = Aws(REGION, f"http://127.0.0.1:{free_port()}")
    address = str(aws.endpoint).removeprefix("http://")
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "OVERRIDE_IN_DOCKER": "0",  # also where this machine is a container itself: its own files are left alone
        "FILESYSTEM_ROOT": str(root),
        "PYTHONPATH": str(compose.mount(root)),
        "AWS_ENDPOINT_URL": str(aws.endpoint),  # for its init script, which in the container finds the usual port
        "AWS_DEFAULT_REGION": REGION,
        "GATEWAY_LISTEN": address,
        "LOCALSTACK_HOST": address,
        "PROVIDER_OVERRIDE_DYNAMODB": "v2",  # its streams are those of DynamoDB, too
        "DYNAMODB_LOCAL_PORT": str(emulator.port),
        "DNS_ADDRESS": "0",
        "DISABLE_EVENTS": "1",  # nothing is told to its maker, nothing is downloaded
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "LS_LOG": "warning",
    }
    with (root / "log").open("wb") as log:
        command = [python, _HERE / "server.py"]
        process = subprocess.Popen(command, env=surroundings, cwd=root, stdout=log, stderr=subprocess.STDOUT)
    try:
        _await_health(aws, process, root / "log")
        yield aws
    finally:
        process.terminate()
        process.wait(timeout=60)


def _await_health(aws: Aws, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait as the container's health check does, until the init script has ended well."""
    deadline = time.monotonic() + _READY_SECONDS
    state = ""
    while '"completed": true' not in state:
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.5)
        with suppress(httpx.TransportError):
            state = httpx.get(f"{aws.endpoint}/_localstack/init/ready").text
    assert "SUCCESSFUL" in state, f"{state}\n{log.read_text(errors='replace')}"
