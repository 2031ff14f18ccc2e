"""What LocalStack runs once it is ready: the resources of the local environment, put there as `takip.py up` puts them.

LocalStack executes the text of this file, without a name or a path; `infra` is found through PYTHONPATH.
"""

import os

from infra.aws import Aws
from infra.deployment.stack import put_stack

region = os.environ.get("AWS_DEFAULT_REGION", "eu-central-1")
put_stack(Aws(region, os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")), "local")
