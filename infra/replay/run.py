"""A whole replay: signs in, sends a plan in the way of its kind, and returns the outcome."""

from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from infra.aws import Aws
from infra.problem import Problem
from infra.replay import readings_queue
from infra.replay.api import Api
from infra.replay.crew import Crew
from infra.replay.floor import FloorReplay
from infra.replay.manner import Manner
from infra.replay.measured import MeasuredReplay, Send
from infra.replay.outcome import Outcome
from infra.replay.plan import FloorPlan, Plan
from infra.replay.progress import Progress
from infra.replay.target import Target


def replay(plan: Plan, target: Target, progress: Progress, workers: int, manner: Manner) -> Outcome:
    """Send a plan to a running Takip and read its answers. Raises Problem if it cannot go on."""
    with Api(target.url, connections=workers) as api:
        api.sign_in(target.username, target.password)
        if isinstance(plan, FloorPlan):
            return FloorReplay(api, Crew(workers), progress, manner).run(plan)
        return MeasuredReplay(api, _sender(target, progress), progress, manner).run(plan)


def _sender(target: Target, progress: Progress) -> Send:
    sqs = Aws(target.region, target.endpoint).client("sqs")

    def send(bodies: Sequence[str]) -> None:
        try:
            readings_queue.send(sqs, target.queue_url, bodies, progress.advance)
        except (BotoCoreError, ClientError) as error:
            raise Problem(f"The readings queue {target.queue_url} did not take the readings: {error}") from error

    return send
