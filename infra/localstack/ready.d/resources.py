"""Creates the resources of the local environment in LocalStack, when LocalStack is ready.

LocalStack executes the text of this file, without a name or a path. PYTHONPATH leads to `infra`.
"""

import os

from infra.aws import Aws
from infra.stack import put_stack

region = os.environ.get("AWS_DEFAULT_REGION", "eu-central-1")
put_stack(Aws(region, os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")), "local")
