"""What else a row says of an event: its mode and its contexts."""

import functools

from spacy.tokens import Span

from newsbeam.transforms.events.lexicon import read_table
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading


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
