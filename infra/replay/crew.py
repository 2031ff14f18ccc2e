"""Runs many jobs in threads, and stops all of them if one fails or the user stops the run."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

LOOK_UP_SECONDS = 0.5  # on Windows a wait without a time limit cannot be interrupted


class Stopped(Exception):
    """Another job failed or the user stopped the run: this job does not go on."""


class Crew:
    """A number of threads. A long job calls `check` between its steps."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._stop = threading.Event()

    def check(self) -> None:
        """Raise Stopped if the crew has stopped."""
        if self._stop.is_set():
            raise Stopped

    def do(self, work: Callable[[Job], Result], jobs: Iterable[Job]) -> list[Result]:
        """Do the work on every job. The results are in the order of the jobs.

        The first failure stops all and is raised.
        """
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
