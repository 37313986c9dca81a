"""The process that reads facts for another one: parse, events, figures. `pool.py` starts it and asks it.

It says READY when it can read, or why it cannot. A request is pickled articles; its answer is READY and for each of
them its pickled facts with the microseconds that they took, or BUG and a traceback.
"""

import sys
import traceback

from newsbeam.schemas.row import rows_alone
from newsbeam.transforms.isolation.child import begin
from newsbeam.transforms.isolation.messages import receive, send

READY, MISSING, BUG = b"ready", b"missing", b"bug"


def main() -> None:
    """Load the model, and answer requests until their end."""
    requests, answers = begin()
    rows_alone()
    model = sys.argv[2]
    # only here: signals and the parent's end come first, and the rows must know that they are alone
    from newsbeam.transforms.extraction.answers import read_articles
    from newsbeam.transforms.extraction.model import ModelMissing

    try:
        import newsbeam.transforms.events.coder
        import newsbeam.transforms.figures.reader  # noqa: F401  # before the first request, whose time would count
        from newsbeam.transforms.models import load_model

        load_model(model)
    except ModelMissing as missing:
        send(answers, [MISSING, str(missing).encode()])
        return
    except Exception:
        send(answers, [BUG, traceback.format_exc().encode()])
        return
    send(answers, [READY])
    while (parts := receive(requests)) is not None:
        try:
            reply = [READY, *read_articles(parts, load_model(model))]
        except Exception:  # a bug, or no memory left: it fails the run that asked
            reply = [BUG, traceback.format_exc().encode()]
        send(answers, reply)
