"""A whole replay: signs in, sends a plan in the way of its kind, and returns the outcome."""

from infra.replay.api import Api
from infra.replay.crew import Crew
from infra.replay.floor import FloorReplay
from infra.replay.manner import Manner
from infra.replay.measured import MeasuredReplay
from infra.replay.outcome import Outcome
from infra.replay.plan import FloorPlan, Plan
from infra.replay.progress import Progress
from infra.replay.senders import sender
from infra.replay.target import Target


def replay(plan: Plan, target: Target, progress: Progress, workers: int, manner: Manner) -> Outcome:
    """Send a plan to a running Takip and read its answers. Raises Problem if it cannot go on."""
    with Api(target.url, connections=workers) as api:
        api.sign_in(target.username, target.password)
        if isinstance(plan, FloorPlan):
            return FloorReplay(api, Crew(workers), progress, manner).run(plan)
        with sender(manner.via, target, api, progress) as send:
            return MeasuredReplay(api, send, progress, manner).run(plan)
