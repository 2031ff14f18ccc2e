"""Does many jobs at once in threads, and stops all of them when one fails or the person says so."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

LOOK_UP_SECONDS = 0.5  # a wait without an end cannot be interrupted on Windows


class Stopped(Exception):
    """Somebody else's job failed, or the person gave up: this one does not go on."""


class Crew:
    """So many threads. A job that takes long calls `check` between its steps."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._stop = threading.Event()

    def check(self) -> None:
        """Give up here if the crew has stopped. Raises Stopped."""
        if self._stop.is_set():
            raise Stopped

    def do(self, work: Callable[[Job], Result], jobs: Iterable[Job]) -> list[Result]:
        """Do the work on every job and give the results in the jobs' order; the first failure ends it and is raised."""
        with ThreadPoolExecutor(self.workers) as pool:
            futures = [pool.submit(work, job) for job in jobs]
            try:
                _wait_for(futures)
            except BaseException:
                self._stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [future.result() for future in futures]


def _wait_for(futures: list[Future[Result]]) -> None:
    waiting = set(futures)
    while waiting:
        finished, waiting = wait(waiting, timeout=LOOK_UP_SECONDS, return_when=FIRST_EXCEPTION)
        for future in finished:
            future.result()
