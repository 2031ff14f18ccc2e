"""What the tests of infra share: an emulator that holds nothing yet."""

from collections.abc import Iterator

import pytest

from infra.aws import Aws
from infra.emulator.process import REGION, Emulator, free_port


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An emulator of the module's own, on a free port, with nothing in it."""
    emulator = Emulator(tmp_path_factory.mktemp("emulator"), free_port())
    emulator.start()
    yield Aws(REGION, emulator.endpoint)
    emulator.stop()
