"""A program: LocalStack, without what needs Docker or a download.

It runs on the interpreter of `.takip/localstack` and imports nothing of the project. DYNAMODB_LOCAL_PORT names the
DynamoDB that takes the place of LocalStack's own.
"""

from localstack.runtime.main import main
from localstack.services.dynamodb.server import DynamodbServer
from localstack.services.dynamodbstreams.v2.provider import DynamoDBStreamsProvider
from localstack.services.lambda_.invocation.docker_runtime_executor import DockerRuntimeExecutor


def without_downloads() -> None:
    """Let DynamoDB be served by another program, and let Lambdas be made, though none can run."""
    DynamodbServer.start_dynamodb = DynamodbServer.stop_dynamodb = lambda _: True
    DynamoDBStreamsProvider.modify_stream_arn_for_ddb_local = lambda _, arn: arn  # it knows streams by their own names
    DockerRuntimeExecutor.prepare_version = classmethod(lambda *_: None)


if __name__ == "__main__":
    without_downloads()
    main()
