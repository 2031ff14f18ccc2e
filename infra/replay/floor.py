"""Replays the work of people: registers them and their machines, opens orders, sends sessions, reads the answers."""

import json
import secrets
from http import HTTPStatus
from typing import Any

from infra.replay.answers import order_answers, total_answers
from infra.replay.api import Api, Refused
from infra.replay.bodies import booking_body, done_body, machine_body, order_body, told_body
from infra.replay.crew import Crew
from infra.replay.live import bunches
from infra.replay.manner import Manner
from infra.replay.outcome import Outcome
from infra.replay.plan import Answers, Booking, FloorPlan, Machine, Order, content_key, minutes
from infra.replay.progress import Progress
from infra.replay.sequence import steps
from infra.replay.steps import Step, Told

ORDER_ID_TAKEN = "ERR_ORDER_ID_TAKEN"


class FloorReplay:
    """Replays floor plans as the signed-in account, in the given manner."""

    def __init__(self, api: Api, crew: Crew, progress: Progress, manner: Manner) -> None:
        self._api = api
        self._crew = crew
        self._progress = progress
        self._manner = manner
        self._user_ids: dict[str, str] = {}

    def run(self, plan: FloorPlan) -> Outcome:
        """Send the plan and read Takip's answers to all expected questions. Raises Problem."""
        self._send_people_and_machines(plan)
        orders = self._manner.arrange(sorted(plan.orders, key=self._requests, reverse=True))
        self._progress.begin("Orders, sessions, done stages", sum(map(self._requests, orders)))
        left_alone = self._crew.do(self._send_order, orders).count(False)
        self._progress.begin("Asking for metrics", sum(2 + len(order.stages) for order in orders))
        answers = {q: value for answers in self._crew.do(self._ask, orders) for q, value in answers.items()}
        answers |= total_answers(answers)
        asked = {question: answers.get(question) for question in plan.expected}
        return Outcome(plan.name, _sent(plan, self._manner), asked, plan.expected, _remarks(left_alone))

    def _send_people_and_machines(self, plan: FloorPlan) -> None:
        for user in self._api.items("/auth/users"):
            self._user_ids[user["username"].casefold()] = user["id"]
        strangers = [name for name in plan.people if name.casefold() not in self._user_ids]
        self._progress.begin("People and machines", self._manner.times * (len(strangers) + len(plan.machines)))
        self._crew.do(self._register, self._manner.arrange(strangers))
        self._crew.do(self._add_machine, self._manner.arrange(plan.machines))

    def _register(self, name: str) -> None:
        """Register a worker. Nobody signs in as the worker, so the password is not kept."""
        body = {"username": name, "role": "worker", "password": secrets.token_urlsafe(24)}
        for _ in range(self._manner.times):
            self._user_ids[name.casefold()] = self._post("/auth/register", body)["id"]

    def _add_machine(self, machine: Machine) -> None:
        for _ in range(self._manner.times):
            add_machine(self._api, machine)
            self._progress.advance()

    def _send_order(self, order: Order) -> bool:
        """Open an order and send all that happened on it. Returns whether it was sent.

        An order is left alone if another account opened it, if it was opened the other way (live or not), or if it is
        older than idempotency keys are kept. Otherwise its sessions would be booked twice.
        """
        try:
            stage_ids = [stage["id"] for stage in self._open(order)["stages"]]
        except Refused as refused:
            if refused.code != ORDER_ID_TAKEN:
                raise
            self._progress.advance(self._requests(order))
            return False
        for step in steps(order, self._manner):
            self._send_step(step, order, stage_ids[step.stage])
        for _ in range(self._manner.times - 1):
            self._open(order)
        return True

    def _open(self, order: Order) -> dict[str, Any]:
        body = order_body(order)
        key = content_key("live", json.dumps(body)) if self._manner.live else None
        return self._post("/workorders", body, key)

    def _send_step(self, step: Step, order: Order, stage_id: str) -> None:
        if isinstance(step, Booking):
            body = booking_body(step, self._user_id(step))
            self._post(f"/stages/{stage_id}/sessions", body, step.key)
        elif isinstance(step, Told):
            key = content_key(step.command, step.session.key)
            self._post(f"/stages/{stage_id}/{step.command}", told_body(step, self._user_id(step.session)), key)
        else:
            key = content_key("done", stage_id)
            self._post(f"/stages/{stage_id}/done", done_body(order.stages[step.stage]), key)

    def _requests(self, order: Order) -> int:
        """The number of requests of one order: opening it, and each step."""
        return self._manner.times + len(steps(order, self._manner))

    def _user_id(self, booking: Booking) -> str:
        return self._user_ids[booking.worker.casefold()]

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
    """Register a machine. An existing one stays as it is."""
    try:
        api.post("/machines", machine_body(machine))
    except Refused as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise


def _sent(plan: FloorPlan, manner: Manner) -> dict[str, float]:
    """Count and sum what the plan sends, under the names of the figures to compare with."""
    bookings = [booking for order in plan.orders for booking in order.bookings]
    alone = [bunch for order in plan.orders for bunch in bunches(order.bookings) if len(bunch) == 1]
    told = {"sessions told live": len(alone)} if manner.live else {}
    return {
        "people": len(plan.people),
        "machines": len(plan.machines),
        "work orders": len(plan.orders),
        "stages": sum(len(order.stages) for order in plan.orders),
        **told,
        "order sessions": len(bookings),
        "stage good": sum(booking.good for booking in bookings),
        "stage scrap": sum(booking.scrap for booking in bookings),
        "stage rework": sum(booking.rework for booking in bookings),
        "stage labour minutes": sum(minutes(booking.ended_at - booking.started_at) for booking in bookings),
    }


def _remarks(left_alone: int) -> tuple[str, ...]:
    if not left_alone:
        return ()
    where_from = "not from an earlier replay by this account in this way (with or without --live)"
    return (f"{left_alone} orders were there already, {where_from}: they were only read.",)
