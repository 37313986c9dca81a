"""What a process and all that it started take: CPU seconds and memory."""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def descendants(process: int) -> list[int]:
    """The processes that live and descend from one."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found, todo = [], [process]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found[1:]


def spent_seconds() -> float:
    """CPU seconds of this process and of all that it started, whether they live or ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for process in descendants(os.getpid()):
        with suppress(OSError):
            times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]
            total += sum(map(int, times)) / _TICKS
    return total


def peak_megabytes(command: Sequence[str], every: float = 0.1) -> int:
    """Run a command; the most memory that it and all that it started had at a time, shared pages counted once."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        peak = 0
        while running.poll() is None:
            peak = max(peak, sum(map(_kilobytes, [running.pid, *descendants(running.pid)])))
            time.sleep(every)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    return peak // 1024


def _kilobytes(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
