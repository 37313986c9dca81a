"""Mend short clauses about states, whose names the parser takes for modifiers and whose verbs for nouns.

"US, China hold talks", "Iran enriched uranium", "UK sanctions Belarusian officials", "Cyprus vetoes the plan".
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.lexicon import folded, names
from newsbeam.transforms.events.lexicon import load_lexicon

Reattach = Callable[[Doc, dict[int, int]], bool]

_FINITE = frozenset(("VBD", "VBZ", "VBP"))
#: Relations in which the parser hangs the name of an acting state on its verb, by mistake.
ODD = frozenset(("compound", "npadvmod", "amod", "dep", "nmod", "advmod"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_BETWEEN = frozenset(("RB", "MD", "TO"))
_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON"))
_VERBAL = frozenset(("VERB", "AUX"))
#: Verb forms whose receiver stands before what he is given.
GIVING = frozenset(
    "give gives gave given giving offer offers offered offering lend lends lent lending grant grants granted granting "
    "promise promises promised promising".split()
)
#: Nouns in -s that are verbs as well, but hardly ever behind the name of a state.
_NOUNS = frozenset("forces troops talks arms terms means trades states".split())
_BARGAINS = frozenset(
    "deal pact accord truce agreement treaty fire blame barbs accusations insults threats blows".split()
)
_LONGEST = 5  # words of a name
_MOST_NAMES = 4


class _Name(NamedTuple):
    start: int
    end: int
    is_noun: bool  # a state or body itself; else its adjective


def mend_beginning(sentence: Span, reattach: Reattach) -> None:
    """Mend a sentence that begins with states."""
    listed = _names_at(sentence.doc, sentence.start, sentence.end)
    if listed:
        _mend_beginning(sentence, listed, reattach)


def _mend_beginning(sentence: Span, listed: list[_Name], reattach: Reattach) -> None:
    doc, at = sentence.doc, listed[-1].end
    if at >= sentence.end:
        return
    word, last = doc[at], doc[at - 1]
    if all(name.is_noun for name in listed):
        if len(listed) > 1 and word.tag_ in (*_FINITE, "VB") and word.head.i == word.i:
            if doc[listed[0].end - 1].dep_ not in ("nsubj", "nsubjpass") or last.dep_ != "conj":
                _list_subjects(doc, listed, word, {}, reattach)
            return
        if _may_be_verb(sentence, word):
            if len(listed) > 1 and word.pos_ == "NOUN":
                _mend_noun_behind(doc[word.i + 1])
            if _is_verb_taken_for_noun(sentence, listed, word):
                _give_verb(sentence, listed, word, reattach)
                return
    first = doc[listed[0].end - 1]
    if len(listed) == 2 and doc[listed[0].end].text == "," and last.head.i > last.i and last.dep_ in ODD:
        noun = last.head
        if noun.pos_ in ("NOUN", "PROPN") and noun.dep_ in _SUBJECTS and first.head.i != last.i:
            if reattach(doc, {first.i: last.i}):
                first.dep_ = "conj"


def _may_be_verb(sentence: Span, word: Token) -> bool:
    """Whether a word behind states may be their verb, and is not taken for it yet."""
    if word.i + 1 >= sentence.end or word.dep_ in ("nsubjpass", "aux") or not word.text.islower():
        return False
    return word.pos_ != "VERB" or word.dep_ != "ROOT"


def _mend_noun_behind(token: Token) -> None:
    """ "Greece, Turkey resume talks": the talks, taken for the verb."""
    if token.tag_ == "VBZ" and token.lower_ in load_lexicon().nouns:
        token.pos_, token.tag_ = "NOUN", "NNS"


def _is_verb_taken_for_noun(sentence: Span, listed: list[_Name], word: Token) -> bool:
    doc, lexicon, following = sentence.doc, load_lexicon(), sentence.doc[word.i + 1]
    if any(t.pos_ in _VERBAL and t.tag_ not in ("VBG", "VBN") and t.i != word.i for t in sentence):
        return False
    lower = word.lower_
    if lower.endswith("ed"):
        stems: tuple[str, ...] = (lower[:-2], lower[:-1], lower[:-3])
        if word.dep_ != "amod" or following.pos_ not in _NOMINAL:
            return False
    elif len(listed) > 1:
        stems = (lower,)
    elif lower.endswith("s") and lower not in _NOUNS:
        stems = (lower[:-1], lower[:-2], lower[:-3] + "y")
    else:
        return False
    if not any(stem in lexicon.verbs for stem in stems):
        return False
    is_event = any(stem in lexicon.nouns for stem in (*stems, lower)) and not lower.endswith("ed")
    if following.pos_ not in _NOMINAL:
        return len(listed) > 1 and following.pos_ == "ADP"
    if lower.endswith("ed") or (len(listed) > 1 and (not is_event or following.lower_ in _BARGAINS)):
        return True
    is_named = bool(_names_at(doc, word.i + 1, sentence.end)) or following.pos_ in ("DET", "PRON")
    return is_named or (
        not is_event and any(_name_at(doc, t.i, sentence.end) for t in sentence[following.i - sentence.start :])
    )


def _give_verb(sentence: Span, listed: list[_Name], verb: Token, reattach: Reattach) -> None:
    """Make `verb` the head of its sentence, what stands before it its subjects, what behind it its object."""
    doc, root = sentence.doc, sentence.root
    heads: dict[int, int] = {verb.i: verb.i}
    objects: list[int] = []
    if root.i > verb.i:
        heads[root.i] = verb.i
        objects.append(root.i)
    for token in sentence:
        if token.i > verb.i and token.i != root.i and token.head.i <= verb.i:
            heads[token.i] = verb.i
            objects.append(token.i)
    if not _list_subjects(doc, listed, verb, heads, reattach):
        return
    verb.dep_, verb.pos_ = "ROOT", "VERB"
    verb.tag_ = "VBD" if verb.lower_.endswith("ed") else "VBZ" if len(listed) == 1 else "VBP"
    for i in objects:
        if doc[i].pos_ in ("NOUN", "PROPN", "PRON", "NUM"):
            doc[i].dep_ = "dobj"
            break


def _list_subjects(doc: Doc, listed: list[_Name], verb: Token, heads: dict[int, int], reattach: Reattach) -> bool:
    """Hang names before `verb` on it: the first as its subject, the others on the first."""
    first = listed[0].end - 1
    relations: dict[int, str] = {}
    for number, name in enumerate(listed):
        head = name.end - 1
        heads[head] = verb.i if number == 0 else first
        relations[head] = "nsubj" if number == 0 else "conj"
        for i in range(name.start, head):
            heads[i] = head
            relations[i] = "det" if doc[i].lower_ == "the" else "compound"
        if number:
            for i in range(listed[number - 1].end, name.start):
                heads[i] = first
                relations[i] = "cc" if doc[i].lower_ == "and" else "punct"
    for token in doc[listed[0].start : verb.i]:
        if token.i not in heads:
            return False
    if not reattach(doc, heads):
        return False
    for i, relation in relations.items():
        doc[i].dep_ = relation
        if relation in ("nsubj", "conj"):
            doc[i].pos_, doc[i].tag_ = "PROPN", "NNP"
    return True


def mend_side(token: Token) -> None:
    """ "Pakistan deports Afghans", "Canada to send": the subject; "Germany invades France": the object."""
    doc, verb = token.doc, token.head
    if verb.pos_ != "VERB" or not _is_end_of_state(doc, token.i):
        return
    if verb.i > token.i:
        helpers = doc[token.i + 1 : verb.i]
        is_to = verb.tag_ == "VB" and len(helpers) > 0 and helpers[0].lower_ == "to"
        if not (verb.tag_ in _FINITE or is_to) or any(t.tag_ not in _BETWEEN for t in helpers):
            return
        if any(child.dep_ in _SUBJECTS for child in verb.children) or verb.dep_ not in ("ROOT", "ccomp", "conj"):
            return
        token.dep_, token.pos_, token.tag_ = "nsubj", "PROPN", "NNP"
    elif token.dep_ == "npadvmod" and token.left_edge.i == verb.i + 1 and verb.tag_ in _FINITE:
        if not any(child.dep_ in ("dobj", "ccomp", "attr") for child in verb.children):
            token.dep_, token.pos_, token.tag_ = "dobj", "PROPN", "NNP"


def mend_people(token: Token) -> None:
    """ "Greeks took to the streets": a people, not a thing, whatever the tagger says."""
    key = folded(token.text)
    if token.tag_ == "NNS" and key in _known()[1]:
        token.tag_, token.pos_ = "NNPS", "PROPN"
    elif token.tag_ == "NN" and any(entry.method == "gazetteer" for entry in names().get(key, ())):
        token.tag_, token.pos_ = "NNP", "PROPN"


def mend_prefix(token: Token, reattach: Reattach) -> None:
    """ "re-established ties", three tokens: the last of them is the verb."""
    doc = token.doc
    if token.i + 2 >= len(doc) or doc[token.i + 1].text != "-" or doc[token.i + 2].tag_[:2] not in ("VB", "JJ"):
        return
    verb, parts = doc[token.i + 2], (token.i, token.i + 1, token.i + 2)
    tops = [doc[k] for k in parts if doc[k].head.i not in parts or doc[k].head.i == k]
    if not tops or tops[0].i == verb.i or any(top.i != verb.i for top in tops[1:]):
        return
    top = tops[0]
    dep, above = top.dep_, top.head.i if top.head.i != top.i else verb.i
    heads = {child.i: verb.i for k in parts[:2] for child in doc[k].children if child.i not in parts}
    objects = [child for child in verb.children if child.i > verb.i and child.dep_ == "nmod"]
    following = verb.head if verb.dep_ == "amod" and verb.head.i > verb.i else None
    heads |= {verb.i: above, token.i: verb.i, token.i + 1: verb.i}
    if following is not None:
        heads[following.i] = verb.i
    if not reattach(doc, heads):
        return
    verb.dep_, verb.pos_ = dep, "VERB"
    verb.tag_ = "VBD" if verb.lower_.endswith("d") else verb.tag_ if verb.tag_[:2] == "VB" else "VB"
    for part in doc[token.i : verb.i]:
        part.dep_, part.pos_ = "punct", "X"
    if following is not None or objects:
        (following or objects[0]).dep_ = "dobj"


def mend_verb_below_gerund(token: Token, reattach: Reattach) -> None:
    """ "accused Chad of sending arms and asked Mali": a finite verb is joined to a finite one, not to a gerund."""
    gerund = token.head
    if gerund.tag_ != "VBG" or gerund.dep_ not in ("pcomp", "xcomp", "advcl", "acl") or gerund.i > token.i:
        return
    if any(child.dep_ in _SUBJECTS for child in token.children):
        return
    for verb in gerund.ancestors:
        if verb.pos_ == "VERB" and verb.tag_ in _FINITE:
            joints = [child for child in gerund.children if child.dep_ == "cc" and child.i < token.i]
            if reattach(token.doc, {token.i: verb.i} | {joint.i: verb.i for joint in joints[-1:]}):
                token.dep_ = "conj"
            return


def mend_receiver(verb: Token, reattach: Reattach) -> None:
    """ "gave Romania assistance", "gave American forces access": a receiver taken for a part of the gift."""
    doc = verb.doc
    gift = next((child for child in verb.children if child.dep_ == "dobj" and child.i > verb.i), None)
    if gift is None or gift.pos_ != "NOUN" or gift.i < verb.i + 2:
        return
    if any(child.dep_ in ("dative", "iobj") for child in verb.children) or gift.lower_ in _people():
        return
    if any(child.lower_ == "to" and child.pos_ == "ADP" for child in verb.children) and gift.lower_ != "access":
        return
    for child in gift.children:
        if child.i >= gift.i or child.dep_ not in ("compound", "nmod", "amod", "poss"):
            continue
        is_state = _is_end_of_state(doc, child.i) and child.left_edge.i <= verb.i + 2
        is_people = child.tag_ == "NNS" and child.lower_ in _people() and child.dep_ == "compound"
        if (is_state or is_people) and not (is_state and child.text.isupper() and gift.tag_ == "NNS"):
            before = [t for t in gift.children if verb.i < t.i < child.i]
            if reattach(doc, {child.i: verb.i} | {t.i: child.i for t in before}):
                child.dep_, child.pos_ = "dative", "PROPN" if is_state else "NOUN"
            return


def mend_second_verb(token: Token, reattach: Reattach) -> None:
    """ "crossed the border and bombed Pakistan": the second verb, taken for a quality of a second object."""
    doc, noun = token.doc, token.head
    first = noun.head
    verb = first.head
    if noun.dep_ != "conj" or first.dep_ != "dobj" or verb.tag_ != "VBD" or noun.i <= token.i:
        return
    joint = doc[token.i - 1]
    if joint.dep_ != "cc" or joint.head.i != first.i or not _is_end_of_state(doc, noun.i):
        return
    if reattach(doc, {token.i: verb.i, noun.i: token.i, joint.i: verb.i}):
        token.dep_, token.tag_, token.pos_, noun.dep_ = "conj", "VBD", "VERB", "dobj"


@functools.cache
def _people() -> frozenset[str]:
    """Plural forms of words for people and bodies."""
    classes = load_lexicon().classes
    singles = classes["human"] | classes["troops"] | classes["body"] | classes["peacekeepers"]
    return frozenset(word + "s" for word in singles) | singles


@functools.cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Folded names of states and bodies; their adjectives; first words of either, as a sentence may begin with them."""
    nouns, adjectives = set(), set()
    for key, entries in names().items():
        for entry in entries:
            if entry.method in ("gazetteer", "capital", "organisation", "leader"):
                nouns.add(key)
            elif entry.method == "demonym":
                adjectives.add(key)
    starts = {key.split()[0] for key in nouns | adjectives}
    return frozenset(nouns), frozenset(adjectives - nouns), frozenset(starts)


def _name_at(doc: Doc, start: int, end: int) -> _Name | None:
    """The longest name of a state that begins at a token."""
    nouns, adjectives, starts = _known()
    if not doc[start].text[:1].isupper() or folded(doc[start].text) not in starts:
        return None
    for stop in range(min(start + _LONGEST, end), start, -1):
        key = folded(doc[start:stop].text)
        if key in nouns or key in adjectives:
            return _Name(start, stop, key in nouns)
    return None


def _names_at(doc: Doc, start: int, end: int) -> list[_Name]:
    """The names that a stretch begins with: "the US, China", "Iran and Iraq"."""
    found: list[_Name] = []
    at = start
    while at < end and len(found) < _MOST_NAMES:
        article = at
        if doc[at].lower_ == "the":
            at += 1
        name = _name_at(doc, at, end) if at < end else None
        if name is None:
            break
        found.append(name._replace(start=article))
        at = name.end
        if at + 1 < end and doc[at].text == "," and doc[at + 1].lower_ != "and":
            at += 1
        elif at + 1 < end and doc[at].lower_ == "and":
            at += 1
        else:
            break
    return found


def _is_end_of_state(doc: Doc, i: int) -> bool:
    """Whether the name of a state or body ends with a token."""
    nouns, _, _ = _known()
    return any(i >= n - 1 and folded(doc[i + 1 - n : i + 1].text) in nouns for n in range(1, _LONGEST))
