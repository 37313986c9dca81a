"""Find what happened to the people that a number counts, and whether it is asserted."""

from typing import NamedTuple

from spacy.tokens import Token

from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.clauses import (
    chain,
    has_object,
    has_them,
    is_active,
    is_discharged,
    is_fatal,
    object_chain,
    shares,
    shares_object,
)
from newsbeam.transforms.figures.conditions import (
    COPULAS,
    condition_of,
    harm_rank,
    harmed_with,
    held_by,
    is_recovering,
    is_to_live,
)
from newsbeam.transforms.figures.counting import is_person_noun
from newsbeam.transforms.figures.effect_words import EFFECTS, leaves_open
from newsbeam.transforms.figures.polarity import polarity_of

_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")
_FOUND = set("find leave pronounce declare report fear presume believe list confirm take hold keep consider".split())
_SUFFER = ("suffer", "sustain", "receive", "have", "get")
_BODIES = frozenset({"body", "remain", "remains"})
#: nouns that a number tells the size of: what happens to them happens to as many people
_GROUPS = frozenset("group total crowd number estimate family crew party team gang band squad".split())
_BLAMED = frozenset({"accuse", "suspect", "charge", "convict"})
_CARRY = frozenset("send take rush transport carry bring fly airlift drive transfer".split())
_FATALLY = {"fatally", "mortally"}
_CLEAR = 6  # the rank from which the word after a noun leaves nothing open; "shot" may go on "and killed"


class Effect(NamedTuple):
    """What happened to those counted; `verb` is the word that says so."""

    effect: str
    rank: int
    verb: Token
    polarity: str


def effect_of(token: Token) -> Effect | None:
    """The effect on those that a noun or bare numeral stands for, from the clause that holds it."""
    own = _make(token, "count")
    if own is not None and own.rank >= _CLEAR:
        return own  # "ten deaths"
    following = _next_word(token)
    if following is not None and _belongs(following.verb, token):
        if following.rank >= _CLEAR:
            chained = [_make(w, "state") or _make(w, "object") for w in chain(following.verb)[1:]]
            return max([following, *(effect for effect in chained if effect)], key=lambda effect: effect.rank)
    else:
        following = None
    found = [effect for effect in (following, *_own(token), *_around(token)) if effect is not None]
    if not found:
        return None
    return max(found, key=lambda effect: effect.rank)


def _belongs(verb: Token, token: Token) -> bool:
    """Whether the state after a noun is the noun's own: the verb has no object and no other subject."""
    if verb.tag_ == "VBD" and (is_active(verb) or shares_object(verb)):
        return False
    for child in verb.children:
        if child.dep_ == "dobj":
            return False
        if child.dep_ in ("nsubj", "nsubjpass") and child != token and child not in token.conjuncts:
            return token.dep_ in ("conj", "nummod") and token.head == child
    return True


def _make(word: Token, kind: str, lemma: str | None = None) -> Effect | None:
    if lemma is None and (word.lower_ == "wound" or (word.lower_ == "wounded" and kind == "object")):
        lemma = "wound"  # which is taken for the past of to wind, and in capitals for an adjective
    entry = EFFECTS.get((lemma or word.lemma_.lower(), kind))
    if entry is None and kind == "state":
        entry = EFFECTS.get((word.lower_, kind))
    if entry is None:
        return None
    effect, rank = entry
    if effect == "released" and is_discharged(word):
        return None
    if (
        effect == "injured"
        and (lemma or word.lemma_.lower()) in ("shoot", "stab", "beat", "burn", "shot", "stabbed")
        and is_fatal(word)
    ):
        effect, rank = "killed", 9
    if effect in ("killed", "injured") and leaves_open(word):
        effect = "casualties"
    return Effect(effect, rank, word, polarity_of(word))


def _own(token: Token) -> list[Effect | None]:
    """What the noun itself and its adjectives and clauses say: "dead soldiers", "people killed in", "ten deaths"."""
    found = [_make(token, "count")]
    if token.lemma_.lower() in ("victim", "death"):  # "two homicide victims", "five shooting deaths"
        found.extend(_make(child, "noun") for child in token.children if child.dep_ in ("compound", "nmod"))
    for child in token.children:
        if child.lower_ == "fatal" and not is_person_noun(token) and found[0] is None:
            continue  # "three fatal shootings" are no three people
        if child.dep_ == "amod" or (child.dep_ in ("acl", "advcl", "appos") and child.tag_ in ("VBN", "JJ")):
            found.append(_make(child, "state") or (_make(child, "object") if child.tag_ == "VBN" else None))
        elif child.dep_ == "acl" and child.tag_ == "VBG":
            found.extend((_make(child, "subject"), *_state_of(child, False)))
        elif child.lower_ in _FATALLY:  # "two of them fatally"
            found.append(Effect("killed", 9, child, "asserted"))
        elif (rank := harmed_with(child)) is not None:
            found.append(Effect("injured", rank, token, polarity_of(token)))
        elif child.dep_ == "relcl":
            found.extend(_relative(child))
    return found


def _relative(verb: Token) -> list[Effect | None]:
    """ "who died", "who were killed", "whom they killed" """
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if verb.lemma_ in _BLAMED and subject is not None and subject.tag_ not in ("WP", "WDT"):
        deeds = [c for prep in verb.children if prep.lower_ in ("of", "with") for c in prep.children if c.tag_ == "VBG"]
        if deeds and not has_object(deeds[-1]):
            return [_make(deeds[-1], "object")]  # "the relatives he is accused of killing"
    if subject is None or subject.tag_ not in ("WP", "WDT"):
        return [_make(verb, "object")] if subject is not None and not has_object(verb) else []
    return _as_subject(verb, subject.dep_)


def _around(token: Token) -> list[Effect | None]:
    """What the clause says of the token in its place there."""
    node = token
    for _ in range(6):  # up through coordination: "two soldiers and one guerrilla were killed"
        if node.dep_ not in ("conj", "appos", "nmod", "compound") or node.head == node:
            break
        if node.head.pos_ not in _NOMINAL or not shares(node):
            break
        node = node.head
        # an adjective before one conjunct is its own: "the injured boy and two others"
        if found := [effect for effect in _own(node) if effect is not None and effect.verb.dep_ != "amod"]:
            return list(found)
    head, dep = node.head, node.dep_
    if dep in ("nsubj", "nsubjpass", "csubj"):
        if any(c.dep_ in ("acl", "relcl") for c in node.children) and any(
            c.dep_ in ("nsubj", "nsubjpass") and node.i < c.i < head.i for c in head.children
        ):
            return []  # the parser gave the verb two subjects far apart: the nearer is its own
        return _as_subject(head, dep)
    if dep in ("dobj", "dative", "obj"):
        if node.lemma_.lower() == "life":
            return _lives(node)  # "claimed three lives"
        return _as_object(head)
    if dep == "pobj":
        return _as_prepositional(head, node)
    if dep in ("attr", "ccomp", "oprd"):
        return [*_as_attribute(head), _make(head, "object") if dep == "oprd" else None]
    if head.pos_ == "VERB" and dep in ("nummod", "dep", "npadvmod", "meta", "advmod"):
        return _as_subject(head, "nsubjpass" if head.tag_ == "VBN" else "nsubj")
    if head.pos_ == "ADJ" and head != node:
        return [_make(head, "state")]
    if head == node:  # a headline without a verb: "35 Palestinians, 6 Israelis killed"
        for child in node.children:
            if child.dep_ in ("appos", "conj") and child.i > node.i and any(c.dep_ == "nummod" for c in child.children):
                return [_next_word(child), *_own(child)]
    return []


def _next_word(token: Token) -> Effect | None:
    """The state straight after a number or noun, or after the last of those coordinated with it.

    "35 dead, 20 wounded"; "35 rebels and five soldiers dead"; "five others, including two officers, injured"
    """
    doc = token.doc
    last = token
    if token.dep_ == "conj" or "conj" in tokens_of(doc).dep[token.i + 1 : token.i + 6]:
        last = max([token, *(c for c in token.conjuncts if c.i > token.i and c.i - token.i < 6)], key=lambda c: c.i)
    if last != token and doc[token.i + 1].tag_ == "JJ" and (own := _make(doc[token.i + 1], "state")) is not None:
        return own  # "eleven dead and a dozen wounded"
    i = last.i + 1
    if i + 2 < len(doc) and doc[i].text == "," and doc[i + 1].lower_ in ("including", "all", "among", "some", "both"):
        i += 2
        while i < len(doc) and doc[i].text != "," and not doc[i].is_sent_start:
            i += 1
        i += 1
    for word in doc[i : i + 2]:
        if word.is_sent_start:
            return None
        if word.lower_ in ("in", "into") and (held := held_by(word)) is not None:
            return Effect(*held, word, polarity_of(word))
        if word.pos_ in ("VERB", "ADJ", "NOUN"):
            if word.tag_ in ("VBN", "VBD") and word.lemma_ in _FOUND and (found := _found(word)) is not None:
                return found
            if word.tag_ in ("VBN", "VBD", "JJ", "NN", "NNS"):
                state = _make(word, "state")
                return state or (
                    _make(word, "object") if word.tag_ in ("VBN", "VBD") and not has_object(word) else None
                )
            return None
        if word.pos_ == "PROPN":  # a headline in capitals
            return _make(word, "state")
        if word.lower_ in _FATALLY:  # "10 shot, 1 fatally"
            return Effect("killed", 9, word, "asserted")
        if word.pos_ not in ("ADV", "AUX"):
            return None
    return None


def _found(verb: Token) -> Effect | None:
    """ "found dead", "feared killed", "found shot to death" """
    states = [_make(child, "state") for child in verb.children if child.i > verb.i and child.pos_ in ("ADJ", "VERB")]
    return max((state for state in states if state), key=lambda state: state.rank, default=None)


def _as_subject(verb: Token, dep: str) -> list[Effect | None]:
    found: list[Effect | None] = []
    for word in chain(verb):
        passive = dep == "nsubjpass" if word == verb else word.tag_ == "VBN"
        if passive or (word.tag_ in ("VBN", "VBD") and not shares_object(word) and not is_active(word)):
            found.append(_make(word, "object"))
        found.append(_make(word, "subject") if not passive else None)
        found.extend(_state_of(word, passive))
    return found


def _state_of(verb: Token, passive: bool) -> list[Effect | None]:
    """States that the verb gives its subject: "are dead", "were found dead", "lost their lives"."""
    found: list[Effect | None] = []
    lemma = verb.lemma_.lower()
    if (passive and is_to_live(verb)) or is_recovering(verb):
        found.append(Effect("injured", 5, verb, polarity_of(verb)))
    if verb.pos_ in ("ADJ", "NOUN"):
        found.append(_make(verb, "state"))
    for child in verb.children:
        word = child.lemma_.lower()
        if child.dep_ in ("acomp", "oprd", "attr", "xcomp", "advcl", "ccomp") and (
            lemma in COPULAS or (passive and lemma in _FOUND)
        ):
            found.append(_make(child, "state"))
            found.extend(_make(c, "state") for c in child.children if c.dep_ == "conj")
        elif child.dep_ == "dobj" and lemma in ("lose", "give") and word == "life":
            found.append(Effect("killed", 9, verb, polarity_of(verb)))
        elif child.dep_ == "dobj" and lemma in _SUFFER and (rank := harm_rank(child)) is not None:
            found.append(Effect("injured", rank, verb, polarity_of(verb)))
        elif child.dep_ == "dobj" and lemma == "take" and word in ("part", "street"):
            found.append(Effect("attending", 5, verb, polarity_of(verb)))
        elif child.dep_ == "prep" and child.lower_ == "after" and lemma not in COPULAS:
            found.extend(_make(c, "object") for c in child.children if c.dep_ == "pcomp" and _is_passive(c))
        elif child.dep_ == "prep" and child.lower_ == "among" and lemma == "be":
            found.extend(_of_those(child))
        elif child.dep_ == "prep" and (told := condition_of(child, lemma, is_passive=passive)) is not None:
            found.append(Effect(*told, verb, polarity_of(verb)))
    return found


def _is_passive(verb: Token) -> bool:
    return verb.tag_ == "VBN" and any(child.dep_ == "auxpass" for child in verb.children)


def _as_object(verb: Token) -> list[Effect | None]:
    found = [_make(word, "object") for word in object_chain(verb)]
    lemma = verb.lemma_.lower()
    for child in verb.children:
        if (
            child.dep_ == "prep"
            and lemma in _CARRY
            and (told := condition_of(child, lemma, is_passive=True)) is not None
        ):
            found.append(Effect(*told, verb, polarity_of(verb)))  # "sent four people to hospitals"
        if child.dep_ == "conj" and has_them(child):
            found.append(_make(child, "object"))  # "dragged ten men from a bus and shot them"
        if child.dep_ in ("oprd", "acomp", "xcomp", "advcl", "ccomp") and lemma in (*_FOUND, "shoot"):
            found.append(_make(child, "state"))
        if (rank := harmed_with(child)) is not None:  # "found two men with gunshot wounds"
            found.append(Effect("injured", rank, verb, polarity_of(verb)))
        if child.dep_ == "prep" and child.lower_ == "into" and any(c.lower_ == "custody" for c in child.children):
            found.append(Effect("arrested", 6, verb, polarity_of(verb)))
        if child.lower_ == "from" and lemma in ("force", "drive") and any(c.lemma_ == "home" for c in child.children):
            found.append(Effect("displaced", 6, verb, polarity_of(verb)))
        if child.lower_ == "hostage" and lemma in ("take", "hold"):
            found.append(Effect("abducted", 6, verb, polarity_of(verb)))
    if lemma in ("draw", "attract"):
        found.append(Effect("attending", 4, verb, polarity_of(verb)))
    return found


def _as_attribute(verb: Token) -> list[Effect | None]:
    """ "the dead were six children", "among the wounded were two nurses" """
    found: list[Effect | None] = []
    for child in verb.children:
        if child.dep_ in ("nsubj", "expl"):
            found.append(_make(child, "count"))
            found.append(_make(child, "noun"))
        if child.dep_ == "prep" and child.lower_ == "among":
            found.extend(_of_those(child))
    return found


def _of_those(among: Token) -> list[Effect | None]:
    """What befell those whom "among the dead", "among the seven wounded" names."""
    found = [_make(child, "count") or _make(child, "state") for child in among.children]
    return found + [effect for child in among.children if child.tag_ == "CD" for effect in _own(child)]


def _as_prepositional(prep: Token, node: Token) -> list[Effect | None]:
    head = prep.head
    word = prep.lower_
    if word in ("of", "to", "in", "for", "among", "at") and head.pos_ in _NOMINAL:
        if word == "of" and head.lemma_.lower() == "life":
            return _lives(head)
        if word == "of" and head.lemma_.lower() in _BODIES:
            return [Effect("killed", 7, head, polarity_of(head))]
        if word == "of" and head.lemma_.lower() in _GROUPS:
            return _around(head) if head.dep_ != "pobj" or head.head != prep else []
        toll = _toll(head)
        if toll is not None:
            return [toll]
        if word in ("of", "to", "among"):
            return [_make(head, "noun") or (_make(head, "count") if word == "of" else None)]
        return []
    if word in ("including", "among"):
        if head.pos_ not in _NOMINAL:
            return _clause_victims(head)
        return [e for e in (effect_of(head) or _toll(head),) if e is not None]
    if word == "with" and (head.lower_ == "along" or any(c.lower_ == "together" for c in prep.children)):
        return _beside(head.head if head.lower_ == "along" else head)
    if word == "of" and head.tag_ == "VBG" and (made := _make(head, "noun")) is not None:
        return [made]  # "the wounding of three others"
    if head.pos_ == "VERB" or head.pos_ == "AUX":
        subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        toll = _toll(subject) if subject is not None else None
        if toll is None:
            toll = next((t for c in head.children if c.dep_ == "dobj" and (t := _toll(c))), None)
        if toll is not None and word in ("to", "at", "of", "from", "by", "above", "past", "beyond"):
            return [toll]
    return []


def _beside(head: Token) -> list[Effect | None]:
    """What happens to those told beside others: "a woman, along with her two sons, was killed"."""
    if head.pos_ in _NOMINAL:
        return (
            _around(head)
            if head.dep_ in ("nsubj", "nsubjpass") and (is_person_noun(head) or head.ent_type_ == "PERSON")
            else []
        )
    for child in head.children:
        if child.dep_ == "nsubjpass" or (child.dep_ == "nsubj" and not has_object(head)):
            return _as_subject(head, child.dep_)
    return []


def _clause_victims(verb: Token) -> list[Effect | None]:
    """What a clause does to its object or passive subject: for those counted after "including"."""
    for child in verb.children:
        if child.dep_ == "nsubjpass":
            return _as_subject(verb, "nsubjpass")
        if child.dep_ == "dobj":
            return _as_object(verb)
    return _as_subject(verb, "nsubj") if verb.pos_ == "VERB" else []


def _lives(life: Token) -> list[Effect | None]:
    """ "claimed the lives of ten", "the loss of 20 lives" """
    verb = life.head
    if life.dep_ == "dobj" and verb.lemma_ in ("claim", "take", "cost", "end", "snuff"):
        return [Effect("killed", 9, verb, polarity_of(verb))]
    if life.dep_ == "dobj" and verb.lemma_ in ("save", "spare"):
        return [Effect("rescued", 4, verb, polarity_of(verb))]
    return []


def _toll(noun: Token) -> Effect | None:
    """ "the death toll", "the number of dead", "casualties": a noun that stands for how many suffered an effect."""
    lemma = noun.lemma_.lower()
    if lemma in ("toll", "count", "number", "total", "tally", "figure"):
        for child in noun.children:
            if child.dep_ in ("compound", "amod", "nmod"):
                made = _make(child, "noun") or _make(child, "count")
                if made:
                    return made
            if child.dep_ == "acl" and child.tag_ == "VBN" and (made := _make(child, "state")):
                return made  # "the number killed"
            if child.dep_ == "prep" and child.lower_ == "of":
                for inner in child.children:
                    made = _make(inner, "count") or _make(inner, "state") or next((e for e in _own(inner) if e), None)
                    if made:
                        return made
        if lemma == "toll":
            return Effect("killed", 8, noun, polarity_of(noun))
    return None
