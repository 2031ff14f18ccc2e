"""Recognises a folder of factory data by its files."""

from collections.abc import Callable
from pathlib import Path

from infra.problem import Problem
from infra.replay import bottling_line, machine_temperature, production_log, valve_rig
from infra.replay.plan import Plan

READERS: tuple[tuple[tuple[str, ...], Callable[[Path], Plan]], ...] = (
    (production_log.FILES, production_log.read),
    (bottling_line.FILES, bottling_line.read),
    (machine_temperature.FILES, machine_temperature.read),
    (valve_rig.FILES, valve_rig.read),
)


def read_folder(folder: Path) -> Plan:
    """Read a folder into a plan and its expected answers. Raises Problem if the folder is not a known one."""
    for files, read in READERS:
        if all((folder / name).exists() for name in files):
            return read(folder)
    known = "; ".join(", ".join(files) for files, _ in READERS)
    raise Problem(f"{folder} holds no data that replay knows. It looks for one of: {known}.")
