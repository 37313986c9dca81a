from newsbeam.schemas.article import Article
from newsbeam.schemas.event import Event
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.figures.joining import join_figures
from newsbeam.transforms.figures.reader import read_figures
from newsbeam.transforms.models import load_model


def joined(text: str, *triggers: tuple[str, str]) -> tuple[list[Event], list[Figure]]:
    """The events of the triggers (word, type) and the figures of a text, joined."""
    doc = load_model()(text)
    values = dict.fromkeys(Article._fields)
    article = Article(**values | {"article_id": "a1", "revision": 0, "date": "2023-01-31", "text": text})
    sentences = list(doc.sents)
    events = []
    for word, kind in triggers:
        start = text.index(word)
        index = next(i for i, s in enumerate(sentences) if s.start_char <= start < s.end_char)
        known = {
            "event_id": word,
            "type": kind,
            "trigger": word,
            "trigger_start": start,
            "trigger_end": start + len(word),
        }
        events.append(Event(**dict.fromkeys(Event._fields) | known | {"sentence_index": index}))
    return join_figures(events, read_figures(article, doc), doc)


def test_the_governing_trigger_takes_the_toll() -> None:
    (event,), (figure,) = joined("Gunmen killed at least 12 soldiers in the north.", ("killed", "ASSAULT"))
    assert figure.event_id == "killed"
    assert (event.killed_min, event.killed_max, event.injured_min) == (12, None, None)


def test_totals_of_one_clause_add_up_and_parts_do_not() -> None:
    text = "Attackers killed nine policemen and four civilians, including two children, and wounded 11 people."
    (event,), figures = joined(text, ("killed", "ASSAULT"))
    assert (event.killed_min, event.killed_max) == (13, 13)
    assert (event.injured_min, event.injured_max) == (11, 11)
    assert {figure.event_id for figure in figures} == {"killed"}


def test_two_events_of_a_sentence_keep_their_own() -> None:
    text = "Rebels shelled a town, killing six people, and police arrested 18 protesters."
    (shelled, arrested), figures = joined(text, ("shelled", "ASSAULT"), ("arrested", "COERCE"))
    assert [figure.event_id for figure in figures] == ["shelled", "arrested"]
    assert (shelled.killed_min, arrested.killed_min) == (6, None)


def test_sizes_intervals_and_zero() -> None:
    (march,), _ = joined("Tens of thousands of people marched through the capital.", ("marched", "PROTEST"))
    assert (march.size_min, march.size_max) == (10_000, 100_000)
    (blast,), _ = joined("No one was injured when the bomb exploded.", ("exploded", "ASSAULT"))
    assert (blast.injured_min, blast.injured_max) == (0, 0)


def test_what_is_not_asserted_or_not_of_the_event_stays_out() -> None:
    (plot,), (figure,) = joined("The group tried to kill 12 soldiers.", ("kill", "ASSAULT"))
    assert (plot.killed_min, figure.event_id) == (None, "kill")
    (war,), _ = joined("The war has killed 350 people since the beginning of the year.", ("killed", "ASSAULT"))
    assert war.killed_min is None


def test_without_events_nothing_changes() -> None:
    events, (figure,) = joined("Gunmen killed 12 soldiers.")
    assert (events, figure.event_id) == ([], None)
