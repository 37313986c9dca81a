"""A process that does what it is told: dies, hangs, holds the interpreter, or says what it was sent."""

import os
from pathlib import Path

import pytest

_MODULE = """
import os, re, sys, time
from newsbeam.transforms.isolation.child import begin
from newsbeam.transforms.isolation.messages import receive, send

def main():
    requests, answers = begin()
    order = sys.argv[2] if len(sys.argv) > 2 else ""
    if order == "die":
        os._exit(7)
    send(answers, [order.encode() or b"ready", b"as it was told"])
    while (parts := receive(requests)) is not None:
        print("this is not an answer")
        for part in parts:
            if part.startswith(b"die"):
                os._exit(3)
            if part.startswith(b"hang"):
                time.sleep(1_000)
            if part.startswith(b"hold"):
                re.match(r"(a+)+$", "a" * 60 + "b")
        bug = [part for part in parts if part.startswith(b"bug")]
        send(answers, [b"bug", b"Traceback\\nValueError: of the rules"] if bug else [b"ready", *parts])
"""


@pytest.fixture
def obedient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the module, which processes that are started now can import."""
    (tmp_path / "obedient_child.py").write_text(_MODULE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    return "obedient_child"


def is_running(process: int) -> bool:
    """Whether a process lives; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
