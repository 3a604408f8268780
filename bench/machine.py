"""What the numbers were measured on, and what processes used."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def machine() -> dict[str, object]:
    """Processor, cores and memory."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * PAGE / 2**30, 1),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
    }


def versions(names: Sequence[str]) -> dict[str, str]:
    """Of Python, and of the packages that ran in it."""
    return {"Python": platform.python_version(), **{name: version(name) for name in names}}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def family(pid: int) -> list[int]:
    """A process and everything it started that still runs."""
    found, front = [pid], [pid]
    parents = _parents()
    while front:
        front = [child for child, parent in parents.items() if parent in front]
        found += front
    return found


def cpu_s(pids: list[int]) -> float:
    """Processor time that the processes have used, those of theirs that ended included."""
    fields = filter(None, map(_stat, pids))
    return sum(sum(map(int, field[11:15])) for field in fields) / TICKS


def memory_mib(pids: list[int]) -> float:
    """Resident memory, what processes share divided among them."""
    return sum(map(_proportional_kib, pids)) / 1024


def _parents() -> dict[int, int]:
    processes = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return {pid: int(field[1]) for pid in processes if (field := _stat(pid))}


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on; None where the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None


def _proportional_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
