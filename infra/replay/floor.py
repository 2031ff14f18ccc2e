"""Replays what people did: registers them and their machines, opens the orders, books every session, and asks."""

import secrets
from http import HTTPStatus
from typing import Any

from infra.replay.answers import order_answers, total_answers
from infra.replay.api import Api, Refused
from infra.replay.bodies import booking_body, done_body, machine_body, order_body
from infra.replay.crew import Crew
from infra.replay.manner import Manner
from infra.replay.outcome import Outcome
from infra.replay.plan import Answers, Booking, FloorPlan, Machine, Order, content_key, minutes
from infra.replay.progress import Progress
from infra.replay.sequence import Step, steps

ORDER_ID_TAKEN = "ERR_ORDER_ID_TAKEN"


class FloorReplay:
    """Replays floor plans as the account signed in, in the manner given."""

    def __init__(self, api: Api, crew: Crew, progress: Progress, manner: Manner) -> None:
        self._api = api
        self._crew = crew
        self._progress = progress
        self._manner = manner
        self._user_ids: dict[str, str] = {}

    def run(self, plan: FloorPlan) -> Outcome:
        """Send the plan and read Takip's answers to all that is expected. Raises Problem."""
        self._send_people_and_machines(plan)
        orders = self._manner.arrange(sorted(plan.orders, key=_requests, reverse=True))
        self._progress.begin("Orders, sessions, done stages", self._manner.times * sum(map(_requests, orders)))
        left_alone = self._crew.do(self._send_order, orders).count(False)
        self._progress.begin("Asking for metrics", sum(2 + len(order.stages) for order in orders))
        answers = {q: value for answers in self._crew.do(self._ask, orders) for q, value in answers.items()}
        answers |= total_answers(answers)
        asked = {question: answers.get(question) for question in plan.expected}
        return Outcome(plan.name, _sent(plan), asked, plan.expected, _remarks(left_alone))

    def _send_people_and_machines(self, plan: FloorPlan) -> None:
        for user in self._api.items("/auth/users"):
            self._user_ids[user["username"].casefold()] = user["id"]
        strangers = [name for name in plan.people if name.casefold() not in self._user_ids]
        self._progress.begin("People and machines", self._manner.times * (len(strangers) + len(plan.machines)))
        self._crew.do(self._register, self._manner.arrange(strangers))
        self._crew.do(self._add_machine, self._manner.arrange(plan.machines))

    def _register(self, name: str) -> None:
        """Register a worker. Nobody signs in as them, so nobody needs to know the password."""
        body = {"username": name, "role": "worker", "password": secrets.token_urlsafe(24)}
        for _ in range(self._manner.times):
            self._user_ids[name.casefold()] = self._post("/auth/register", body)["id"]

    def _add_machine(self, machine: Machine) -> None:
        for _ in range(self._manner.times):
            add_machine(self._api, machine)
            self._progress.advance()

    def _send_order(self, order: Order) -> bool:
        """Open an order and send all that happened in it; give whether that was done.

        An order that somebody else opened, or longer ago than idempotency keys are kept, is left alone: its sessions
        would be booked twice.
        """
        try:
            stage_ids = [stage["id"] for stage in self._post("/workorders", order_body(order))["stages"]]
        except Refused as refused:
            if refused.code != ORDER_ID_TAKEN:
                raise
            self._progress.advance(self._manner.times * _requests(order))
            return False
        for step in steps(order, self._manner):
            self._send_step(step, order, stage_ids[step.stage])
        for _ in range(self._manner.times - 1):
            self._post("/workorders", order_body(order))
        return True

    def _send_step(self, step: Step, order: Order, stage_id: str) -> None:
        if isinstance(step, Booking):
            body = booking_body(step, self._user_ids[step.worker.casefold()])
            self._post(f"/stages/{stage_id}/sessions", body, step.key)
        else:
            key = content_key("done", stage_id)
            self._post(f"/stages/{stage_id}/done", done_body(order.stages[step.stage]), key)

    def _post(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        self._crew.check()
        answer = self._api.post(path, body, key)
        self._progress.advance()
        return answer

    def _ask(self, order: Order) -> Answers:
        head = self._get(f"/workorders/{order.id}")
        metrics = self._get(f"/workorders/{order.id}/metrics")
        return order_answers(head, metrics, [self._get(f"/stages/{stage['id']}/metrics") for stage in head["stages"]])

    def _get(self, path: str) -> dict[str, Any]:
        self._crew.check()
        answer = self._api.get(path)
        self._progress.advance()
        return answer


def add_machine(api: Api, machine: Machine) -> None:
    """Register a machine; one that is there already stays as it is."""
    try:
        api.post("/machines", machine_body(machine))
    except Refused as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise


def _requests(order: Order) -> int:
    """Count the requests that one order takes: to open it, each session, each done stage."""
    return 1 + len(order.bookings) + len(order.stages)


def _sent(plan: FloorPlan) -> dict[str, float]:
    """Count and add up what the plan sends, under the names of the figures that it should come back as."""
    bookings = [booking for order in plan.orders for booking in order.bookings]
    return {
        "people": len(plan.people),
        "machines": len(plan.machines),
        "work orders": len(plan.orders),
        "stages": sum(len(order.stages) for order in plan.orders),
        "order sessions": len(bookings),
        "stage good": sum(booking.good for booking in bookings),
        "stage scrap": sum(booking.scrap for booking in bookings),
        "stage rework": sum(booking.rework for booking in bookings),
        "stage labour minutes": sum(minutes(booking.ended_at - booking.started_at) for booking in bookings),
    }


def _remarks(left_alone: int) -> tuple[str, ...]:
    if not left_alone:
        return ()
    return (
        f"{left_alone} orders were there already, not from an earlier replay by this account: they were only read.",
    )
