"""A program: Chalice's command line, with the zip, the Python and the processor that it is told.

Chalice itself would make a zip without bytecode, for the Python that it runs on. It has no setting for either. What is
replaced here is inside Chalice, so a test fails if a new version of Chalice no longer asks for it.
"""

import sys
from pathlib import Path

from chalice.cli import main
from chalice.config import Config
from chalice.deploy.packager import LambdaDeploymentPackager

from infra.places import PROJECT


def tell(runtime: str, architecture: str, archive: Path) -> None:
    """Tell Chalice Lambda's names of the Python and of the processor, and the zip."""
    Config.lambda_python_version = property(lambda _: runtime)  # type: ignore[method-assign,assignment]
    Config.lambda_architecture = property(lambda _: architecture)  # type: ignore[method-assign,assignment]
    LambdaDeploymentPackager.create_deployment_package = lambda *_: str(archive)  # type: ignore[method-assign]


if __name__ == "__main__":
    tell(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    del sys.argv[1:4]
    sys.path.remove(str(PROJECT))  # it led here; the application is that of the build folder
    sys.exit(main())
