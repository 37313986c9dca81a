"""Which routines numpy's OpenBLAS should multiply matrices with, where it does not find the best ones by itself."""

import platform
from functools import cache
from pathlib import Path

#: What OpenBLAS's kernels of this name use: AMD's processors since Zen 4 have it all and are taken for a Haswell.
_WIDE = frozenset(("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"))
_WIDE_NAME = "SKYLAKEX"


@cache
def kernel_settings(processors: Path = Path("/proc/cpuinfo")) -> dict[str, str]:
    """Environment variables for processes that multiply small matrices: one thread each, and the widest kernels.

    Matrices are half of the parse, and 512-bit kernels need half of the time. More cores are used by more processes.
    """
    settings = {"OPENBLAS_NUM_THREADS": "1"}
    if platform.machine() == "x86_64" and _WIDE <= _flags(processors):
        settings["OPENBLAS_CORETYPE"] = _WIDE_NAME
    return settings


def _flags(processors: Path) -> set[str]:
    """What the first processor can do; nothing where the system does not tell it this way."""
    try:
        lines = processors.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return set()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())
