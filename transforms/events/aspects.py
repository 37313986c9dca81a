"""What else a row says of an event: its mode, its contexts and how sure it is."""

import functools

from spacy.tokens import Span

from newsbeam.transforms.events.lexicon import read_table
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading


def confidence(reading: Reading) -> float:
    """The chance that type and roles of a reading are right, by what was measured (docs/quality.md has the table).

    Of readings with both roles three of four are right in type and both roles, of those with one about half; frames of
    less weight (bare event nouns, default types, what may only have happened) are right a little less often.
    """
    roles = 0.77 if reading.actors and reading.recipients else 0.55
    weight = 1.0 if reading.weight >= 0.8 else 0.87 if reading.weight >= 0.45 else 0.8
    return round(roles * weight, 3)


def mode_of(parse: Parse, reading: Reading) -> str | None:
    """How an event was done, by the words around its trigger, where its frame does not say."""
    words = {parse.lemma[k] for i in reading.trigger for k in (i, *parse.kids[i])}
    words.update(
        parse.lemma[c]
        for i in reading.trigger
        for k in parse.kids[i]
        if parse.dep[k] in ("prep", "agent")
        for c in parse.kids[k]
    )
    for i in (*reading.actors, *reading.trigger):
        words.add(parse.lemma[i])
        words.update(parse.lemma[k] for k in parse.kids[i] if parse.dep[k] == "compound")
    for type_, mode, lemmas in _modes():
        if type_ == reading.type and not words.isdisjoint(lemmas):
            return mode
    return None


def contexts_of(parse: Parse, sentence: Span) -> list[str]:
    """What the sentence of an event is about, in alphabetical order."""
    known = _context_words()
    return sorted(
        {
            context
            for i in range(sentence.start, sentence.end)
            if parse.ent[i] not in ("GPE", "LOC", "PERSON")
            for context in known.get(parse.lemma[i], ())
        }
    )


@functools.cache
def _modes() -> tuple[tuple[str, str, frozenset[str]], ...]:
    return tuple((type_, mode, frozenset(lemmas.split())) for type_, mode, lemmas in read_table("modes.tsv", 3))


@functools.cache
def _context_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for context, lemmas in read_table("contexts.tsv", 2):
        for lemma in lemmas.split():
            found[lemma] = (*found.get(lemma, ()), context)
    return found
