"""Who did what to whom, between countries, in short sentences over all kinds of acts."""

from pathlib import Path

from newsbeam.transforms.events.coder import code_events
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import article


def dyads_of(text: str, doc) -> set[tuple[str, str | None, str | None]]:
    """Type and both countries of each pair of actor and recipient."""
    events, participants = code_events(article(text), doc)
    found = set()
    for event in events:
        sides: dict[str, list[str | None]] = {"actor": [], "recipient": []}
        for who in participants:
            if who.event_id == event.event_id:
                sides[who.role].append(who.country)
        found |= {(event.type, a, r) for a in sides["actor"] or [None] for r in sides["recipient"] or [None]}
    return found


def test_each_sentence_gives_its_dyad() -> None:
    lines = Path(__file__).with_name("dyads.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    missing = []
    for (type_, actor, recipient, text), doc in zip(
        rows, load_model().pipe([row[3] for row in rows], batch_size=64), strict=True
    ):
        wanted = {(type_, actor, recipient.removeprefix("="))}
        if recipient.startswith("="):
            wanted.add((type_, recipient[1:], actor))
        if not wanted <= dyads_of(text, doc):
            missing.append((text, dyads_of(text, doc)))
    assert missing == []
