"""Many requests at once on one order, over HTTP: nothing is lost and nothing is booked twice."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from uuid import uuid4

import httpx

from tests.e2e.people import Hire, Someone, order
from tests.sampling import IS_FULL

# As many at once as the emulator bears: it starts a process for each, and no two share one.
WORKERS, REPORTS = 20, 200 if IS_FULL else 60
LOST_OR_AWAY = {409, 503}


def insisting(person: Someone, path: str, body: object = None) -> int:
    """Send something under one key, again while others are in the way or storage is away; how often it was sent."""
    key = uuid4().hex
    for sent in count(1):
        try:
            answer = person.post(path, body, key)
        except httpx.TimeoutException:
            continue
        if answer.status_code not in LOST_OR_AWAY:
            answer.raise_for_status()
            return sent
        time.sleep(float(answer.headers["Retry-After"]) * random.uniform(0.5, 1.5))  # noqa: S311  a client's jitter
    raise AssertionError("unreachable")


def at_once(what: str, tasks: list[tuple[Someone, str, object]]) -> None:
    """Send all of these at the same time, each until it is taken; tell how that went."""
    began = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        sent = list(pool.map(lambda task: insisting(*task), tasks))
    took = time.monotonic() - began
    print(f"{len(tasks)} x {what} at once: {took:.1f} s, {sum(sent) - len(sent)} sent again")  # noqa: T201


def test_twenty_workers_start_one_stage_at_once_and_report_pieces_at_once(admin: Someone, hire: Hire) -> None:
    with ThreadPoolExecutor(4) as pool:
        workers = list(pool.map(lambda _: hire(), range(WORKERS)))
    stage = f"/stages/{order(admin, *workers, quantity=REPORTS)['stages'][0]['id']}"

    at_once("start", [(worker, f"{stage}/start", None) for worker in workers])
    at_work = [each["worker_id"] for each in admin.get(stage)["open_sessions"]]
    assert sorted(at_work) == sorted(worker.id for worker in workers)

    at_once("report", [(workers[n % WORKERS], f"{stage}/report", {"good": 1}) for n in range(REPORTS)])
    assert admin.get(stage)["good"] == REPORTS
