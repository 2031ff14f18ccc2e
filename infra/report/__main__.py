"""Write the pages into the folder that is given, in a process that may import the application."""

import sys
from pathlib import Path

from infra.report.pages import write

if __name__ == "__main__":
    write(Path(sys.argv[1]))
