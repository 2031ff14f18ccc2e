"""What happens once, while a function starts."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Import without the garbage collector; afterwards it leaves alone what was imported, for that stays.

    It would find nothing, and looks through everything again and again meanwhile. Inside another one this does nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
