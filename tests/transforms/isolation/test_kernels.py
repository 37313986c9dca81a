import platform
from pathlib import Path

import pytest

from newsbeam.transforms.isolation.kernels import kernel_settings

WIDE = "avx512f avx512dq avx512cd avx512bw avx512vl"


@pytest.mark.parametrize(
    ("machine", "told", "kernels"),
    [
        ("x86_64", f"processor\t: 0\nflags\t\t: fpu {WIDE} avx2\n\nprocessor\t: 1\nflags\t\t: fpu\n", "SKYLAKEX"),
        ("x86_64", "processor\t: 0\nflags\t\t: fpu avx2 avx512f\n", None),
        ("x86_64", "", None),
        ("aarch64", f"flags\t\t: {WIDE}\n", None),
    ],
)
def test_wide_kernels_are_asked_for_where_the_processor_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str, told: str, kernels: str | None
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    file = tmp_path / "cpuinfo"
    file.write_text(told)
    found = kernel_settings(file)
    assert found.get("OPENBLAS_CORETYPE") == kernels
    assert found["OPENBLAS_NUM_THREADS"] == "1"


def test_a_system_that_does_not_tell_gets_the_usual_kernels(tmp_path: Path) -> None:
    assert kernel_settings(tmp_path / "missing") == {"OPENBLAS_NUM_THREADS": "1"}
