"""Match the frames of the lexicon against a parse."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from newsbeam.transforms.events.lexicon import Condition, Lexicon, NounSense
from newsbeam.transforms.events.parse import NOMINAL, Parse, Phrase
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: Relations of a complement clause.
CLAUSAL = ("xcomp", "ccomp")
#: Relations of words that go with a verb: "call off", "set free", "say no".
_PARTICLES = frozenset(("prt", "advmod", "prep", "acomp", "oprd", "intj"))
#: Kinds of names that frames ask for.
_NAMES = {"gpe": ("GPE", "NORP"), "land": ("GPE",), "org": ("ORG",), "person": ("PERSON",)}
#: Prepositions whose phrases the parser often hangs too deep.
_LOOSE = frozenset(("+to", "+with", "+from", "+against"))


def _objects(phrases: list[Phrase], words: tuple[str, ...]) -> list[int]:
    """The objects of prepositions among the words, or those that have none themselves."""
    return [o for word, k, objects in phrases if word in words for o in (objects or [k])] if phrases else []


class Frames(ABC):
    """Conditions of frames, senses of nouns, and readings made from them, in one parse."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        """Take a parse; nothing is read yet."""
        self.p = parse
        self.lexicon = lexicon
        self.roles = Roles(parse, lexicon)
        self._quantities = lexicon.classes["quantity"]
        self._silent: set[int] = set()
        # what the senses of verbs ask of the same words again and again
        self._particles_of: dict[int, set[str]] = {}
        self._words_of: dict[int, set[str]] = {}
        self._sense_of: dict[int, NounSense | None] = {}
        self._in_classes: dict[tuple[int, tuple[str, ...]], bool] = {}

    @abstractmethod
    def read(self, i: int, depth: int = 0) -> Reading | None:
        """The event that a verb states."""

    def _particles(self, i: int) -> set[str]:
        if i not in self._particles_of:
            self._particles_of[i] = self._read_particles(i)
        return self._particles_of[i]

    def _read_particles(self, i: int) -> set[str]:
        p = self.p
        found = {p.lower[k] for k in p.kids[i] if p.dep[k] in _PARTICLES and k > i}
        if i + 1 < len(p.lower) and p.lower[i + 1] in ("free", "back") and p.dep[i + 1] == "amod":
            found.add(p.lower[i + 1])  # "set free the hostages", taken for a quality of theirs
        return found

    def _holds(self, i: int, condition: Condition, subject: int | None, obj: int | None, receiver: int | None) -> bool:
        p, slot, classes = self.p, condition.slot, condition.classes
        heads: list[int]
        if slot == "obj":
            heads = [] if obj is None else p.series(obj)
        elif slot == "subj":
            heads = [] if subject is None else p.series(subject)
        elif slot == "iobj":
            heads = [receiver] if receiver is not None else [k for k in p.all(i, "dative") if p.pos[k] in NOMINAL]
        elif slot == "obj2":
            small = p.small_clause(i)
            heads = [small[1]] if small is not None else [k for k in p.all(i, "oprd") if k != obj]
            if (
                obj is not None and classes and not heads
            ):  # "held Serbia responsible", "called him a liar", hung by another relation
                heads = [
                    k
                    for k in (*p.all(i, "advcl", "acomp", "dobj"), *p.all(obj, "appos", "amod"))
                    if k > obj and p.pos[k] in ("ADJ", "NOUN")
                ]
            heads = [*heads, *(c for k in heads for c in p.all(k, "amod"))]  # "called Oman a fascist state"
        elif slot == "attr":
            heads = p.all(i, "attr")
        elif slot == "xcomp":
            heads = [
                k
                for k in p.kids[i]
                if (p.dep[k] in CLAUSAL or (classes and p.dep[k] == "advcl")) and self._is_infinitive(k)
            ]
        elif slot == "ccomp":
            heads = [k for k in p.kids[i] if p.dep[k] == "ccomp"]
        elif condition.words:
            heads = self._in_phrases(i, condition.words, obj, bool(classes) or slot in _LOOSE)
            if not heads and slot[1:] in self._particles(i) and not classes:
                heads = [i]
        elif slot == "passive":
            heads = [i] if p.is_passive(i) else []
        else:
            heads = []
        if not heads:
            return condition.is_negated
        return (not classes or any([self._is_in(k, classes) for k in heads])) != condition.is_negated

    def _is_infinitive(self, k: int) -> bool:
        p = self.p
        return p.dep[k] == "xcomp" or any(p.dep[c] == "aux" and p.lower[c] == "to" for c in p.kids[k])

    def _in_phrases(self, i: int, words: tuple[str, ...], obj: int | None, is_loose: bool) -> list[int]:
        """Objects of prepositions below a predicate, then below its object, then anywhere in its clause."""
        p = self.p
        heads = _objects(p.prepositions(i), words)
        if not heads and obj is not None:
            heads = _objects(p.prepositions(obj), words)
        if not heads and is_loose:
            heads = _objects(p.phrases(i), words)
        if heads:
            return heads
        if "for" in words:  # "pushed for the bank to lend"
            for k in p.all(i, "advcl", "ccomp", "xcomp"):
                mark = p.one(k, "mark")
                if mark is not None and p.lower[mark] == "for":
                    return p.all(k, "nsubj")
        return []

    def _is_in(self, i: int, classes: tuple[str, ...]) -> bool:
        """Whether a nominal, or what it is a quantity of, belongs to one of the classes."""
        known = self._in_classes.get((i, classes))
        if known is None:
            known = self._in_classes[i, classes] = self._belongs(i, classes)
        return known

    def _belongs(self, i: int, classes: tuple[str, ...]) -> bool:
        if "actor" in classes and self.roles.may_act(i):
            return True
        words, sense = self._words(i), self._noun_sense(i)
        for name in classes:
            if name in _NAMES:
                if self.p.ent[i] in _NAMES[name]:
                    return True
            elif name.startswith("@"):
                if sense is not None and name[1:] in ("any", sense.type):
                    return True
            elif name in self.lexicon.classes:
                if words & self.lexicon.classes[name]:
                    return True
            elif name in words:
                return True
        return False

    def _words(self, i: int) -> set[str]:
        """The lemmas that say what a nominal is: its own, nouns before it, and what it is a quantity of."""
        if i not in self._words_of:
            self._words_of[i] = self._read_words(i)
        return self._words_of[i]

    def _read_words(self, i: int) -> set[str]:
        p = self.p
        words = {p.lemma[i], p.lower[i]}
        for k in p.kids[i]:
            if (
                k < i
                and p.dep[k] in ("compound", "nmod", "quantmod", "amod")
                and p.pos[k] in ("NOUN", "SYM", "VERB", "ADJ")
            ):
                words.add(f"{p.lemma[k]}_{p.lemma[i]}")
                if p.pos[k] != "ADJ" and p.lemma[i] not in self.lexicon.nouns:
                    words.add(p.lemma[k])
            elif p.dep[k] == "prep" and p.lower[k] == "of" and (p.pos[i] in ("NUM", "SYM") or words & self._quantities):
                words.update(p.lemma[c] for c in p.kids[k] if p.dep[c] == "pobj")
                words.update(w for c in p.kids[k] if p.dep[c] == "pobj" for w in self._words(c))
            elif p.dep[k] == "prep" and p.lower[k] == "in" and p.ent[i] == "MONEY":
                words.update(p.lemma[c] for c in p.kids[k] if p.dep[c] == "pobj")
        return words

    def _content(self, i: int) -> int:
        """The noun that a quantity or hollow noun is of ("a series of strikes"); any other noun itself."""
        p = self.p
        for _ in range(3):
            if p.lemma[i] not in self._quantities and p.pos[i] not in ("NUM", "SYM"):
                return i
            inner = next((o for w, _, objects in p.prepositions(i) if w == "of" for o in objects), None)
            if inner is None:
                return i
            i = inner
        return i

    def _noun_sense(self, i: int) -> NounSense | None:
        """What an event noun means: with the word before it ("hunger strike"), alone, or as what it is a series of."""
        if i not in self._sense_of:
            self._sense_of[i] = self._read_noun_sense(i)
        return self._sense_of[i]

    def _read_noun_sense(self, i: int) -> NounSense | None:
        p, nouns = self.p, self.lexicon.nouns
        if p.pos[i] not in ("NOUN", "PROPN", "VERB", "NUM"):
            return None
        i = self._content(i)
        lemma = p.lemma[i]
        for k in p.kids[i]:
            if k < i and p.dep[k] in ("compound", "amod", "nmod", "npadvmod"):
                sense = nouns.get(f"{p.lemma[k]}_{lemma}") or nouns.get(f"{p.lower[k]}_{lemma}")
                if sense is not None:
                    return sense
        if f"{lemma}@worker" in nouns and self._is_of_workers(i):
            return nouns[f"{lemma}@worker"]
        if f"{lemma}@for" in nouns and self._is_appeal(i):
            return nouns[f"{lemma}@for"]
        return nouns.get(lemma) or nouns.get(p.lower[i])

    def _is_appeal(self, i: int) -> bool:
        """Whether a call is for something, and no telephone call for help that comes in."""
        p = self.p
        if p.one(i, "compound", "nummod") is not None or p.lemma[p.head[i]] in ("receive", "get", "take", "answer"):
            return False
        if any(p.lower[k] == "for" for k in p.all(i, "prep")):
            return True
        return any(p.lower[c] == "for" for k in p.all(i, "acl", "advcl") for c in p.kids[k])

    def _is_of_workers(self, i: int) -> bool:
        """Whether workers stand beside a noun, or pay behind it: "a strike by pilots", "the strike over pensions"."""
        p, workers = self.p, self.lexicon.classes["worker"]
        if any(p.lemma[k] in workers and p.dep[k] in ("compound", "poss", "nmod") for k in p.kids[i]):
            return True
        for word, _, objects in p.prepositions(i):
            if word == "over" or (word in ("by", "of") and any(p.lemma[o] in workers for o in objects)):
                return True
        return False

    def _is_physical(self, subject: int | None, obj: int | None) -> bool:
        """Whether a blow can be meant: somebody, or an event noun, strikes a thing, a place or somebody."""
        if obj is None or self.p.ent[obj] in ("PERCENT", "MONEY", "DATE", "CARDINAL"):
            return False
        if self._words(obj) & self.lexicon.classes["abstract"]:
            return False
        if self.p.lemma[obj] == "target" and not (
            (subject is not None and self._is_in(subject, ("troops", "weapon", "armed"))) or self._is_located(obj)
        ):
            return False  # firms hit their targets
        is_target = self.roles.may_act(obj) or self._is_in(obj, ("territory",))
        if subject is None:
            return is_target
        if self._noun_sense(subject) is not None or self._is_in(subject, ("troops", "weapon", "body", "armed")):
            return True
        if self.p.ent[subject] in ("GPE", "ORG", "NORP"):
            return True
        return is_target and bool(self.roles.actors_at(subject))

    def _is_located(self, obj: int) -> bool:
        """Whether an object lies somewhere or belongs to somebody: "Houthi targets", "hit targets in Syria"."""
        return (
            self.roles.named_before(obj) is not None or self.roles.place_below(self.p.head[obj], obj, None) is not None
        )

    def _reading(
        self,
        i: int,
        type_: str,
        mode: str | None,
        trigger: Iterable[int],
        actors: list[int],
        recipients: list[int],
        is_reciprocal: bool,
        consumed: Iterable[int],
        weight: float,
    ) -> Reading:
        actors = list(dict.fromkeys(actors))
        recipients = [k for k in dict.fromkeys(recipients) if k not in actors]
        acting = [k for k in recipients if self.roles.may_act(k)]
        if is_reciprocal and not acting and len(actors) > 1:
            actors, recipients = actors[:1], actors[1:]
        if is_reciprocal and not actors and len(acting) > 1:  # "a pact was signed between Chad and Niger"
            actors, recipients = acting[:1], acting[1:]
        particle = [k for k in self.p.kids[i] if self.p.dep[k] == "prt"]
        return Reading(
            type_,
            mode,
            i,
            tuple(sorted({*trigger, *particle})),
            tuple(actors),
            tuple(recipients),
            is_reciprocal,
            False,
            "actual",
            None,
            weight,
            frozenset(consumed),
        )

    def _swallow(self, i: int, spared: set[int]) -> None:
        """Mark the verbs and nouns of a predicate's complement as read: what is alleged is not stated."""
        p = self.p
        for k in p.kids[i]:
            if p.dep[k] in ("prep", "xcomp", "ccomp", "advcl", "pcomp", "agent"):
                if p.dep[k] == "advcl" and p.one(k, "mark") is not None and p.lower[p.one(k, "mark") or 0] != "that":
                    continue
                self._silent.update(c for c in p.below(k) if c not in spared)

    def _silence(self, i: int, obj: int | None) -> None:
        """The complement of a wish is no event."""
        p = self.p
        for k in p.kids[i]:
            if p.dep[k] in CLAUSAL:
                self._silent.update(c for c in p.below(k))
        if obj is not None:
            self._silent.add(obj)
