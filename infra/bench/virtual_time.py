"""Time that passes only in `sleep`. Computing takes no time, so every machine measures the same."""

import heapq
import itertools
import threading
from collections.abc import Callable


class VirtualTime:
    """A clock in seconds for several threads. Only one thread runs at a time; `sleep` lets the next one run."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._numbers = itertools.count()
        self._handed_over = threading.Event()

    def sleep(self, seconds: float) -> None:
        """Wait, and let others run."""
        turn = self._turn_in(seconds)
        self._handed_over.set()
        turn.wait()

    def run(self, *acts: Callable[[], None]) -> None:
        """Run all functions at the same time, until each has ended. Raises the first exception of any of them."""
        raised: list[BaseException] = []
        threads = [threading.Thread(target=self._act, args=(act, self._turn_in(0), raised)) for act in acts]
        for thread in threads:
            thread.start()
        while self._waiting:
            self.seconds, _, turn = heapq.heappop(self._waiting)
            self._handed_over.clear()
            turn.set()
            self._handed_over.wait()
        for thread in threads:
            thread.join()
        if raised:
            raise raised[0]

    def _turn_in(self, seconds: float) -> threading.Event:
        """The event of a thread's next turn. Turns at the same moment come in the order of the calls."""
        turn = threading.Event()
        heapq.heappush(self._waiting, (self.seconds + seconds, next(self._numbers), turn))
        return turn

    def _act(self, act: Callable[[], None], turn: threading.Event, raised: list[BaseException]) -> None:
        turn.wait()
        try:
            act()
        except BaseException as error:  # noqa: BLE001  it is raised again once all have ended
            raised.append(error)
        finally:
            self._handed_over.set()
