"""Match the frames of the lexicon against a parse."""

from collections.abc import Iterable

from newsbeam.transforms.events.lexicon import Condition, Lexicon, NounSense
from newsbeam.transforms.events.parse import NOMINAL, Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: Relations of a complement clause.
CLAUSAL = ("xcomp", "ccomp")
#: Nouns that say no more than that somebody did something: their complement is the event.
HOLLOW = frozenset(
    "number series wave string round spate campaign kind type part dozen hundred act member threat".split()
)


class Frames:
    """Conditions of frames, senses of nouns, and readings made from them, in one parse."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        """Take a parse; nothing is read yet."""
        self.p = parse
        self.lexicon = lexicon
        self.roles = Roles(parse, lexicon)
        self._silent: set[int] = set()

    def _particles(self, i: int) -> set[str]:
        p = self.p
        return {p.lower[k] for k in p.kids[i] if p.dep[k] in ("prt", "advmod", "prep", "acomp", "oprd") and k > i}

    def _holds(self, i: int, condition: Condition, subject: int | None, obj: int | None, receiver: int | None) -> bool:
        p, slot, classes = self.p, condition.slot, condition.classes
        heads: Iterable[int]
        if slot == "obj":
            heads = [] if obj is None else p.series(obj)
        elif slot == "subj":
            heads = [] if subject is None else p.series(subject)
        elif slot == "iobj":
            heads = [receiver] if receiver is not None else [k for k in p.all(i, "dative") if p.pos[k] in NOMINAL]
        elif slot == "obj2":
            heads = p.all(i, "oprd")
        elif slot == "xcomp":
            heads = [k for k in p.kids[i] if p.dep[k] in CLAUSAL and self._is_infinitive(k)]
        elif slot == "ccomp":
            heads = [k for k in p.kids[i] if p.dep[k] == "ccomp"]
        elif slot.startswith("+"):
            words = (
                [s.removeprefix("+") for s in (slot, *classes)]
                if classes and classes[0] in ("on", "into")
                else [slot[1:]]
            )
            heads = [o for w, k, objects in p.prepositions(i) if w in words for o in (objects or [k])]
            if not heads and obj is not None:
                heads = [o for w, k, objects in p.prepositions(obj) if w in words for o in (objects or [k])]
            if not heads and slot[1:] in self._particles(i) and not classes:
                heads = [i]
            if len(words) > 1:
                classes = ()
        else:
            heads = []
        met = any(self._is_in(k, classes) for k in heads) if classes else any(True for _ in heads)
        return met != condition.is_negated if not (condition.is_negated and classes and not list(heads)) else True

    def _is_infinitive(self, k: int) -> bool:
        p = self.p
        return p.dep[k] == "xcomp" or any(p.dep[c] == "aux" and p.lower[c] == "to" for c in p.kids[k])

    def _is_in(self, i: int, classes: tuple[str, ...]) -> bool:
        """Whether a nominal, or what it is a number or part of, belongs to one of the classes."""
        p, known = self.p, self.lexicon.classes
        words = {p.lemma[i], p.lower[i]}
        for k in p.kids[i]:
            if p.dep[k] in ("compound", "amod", "quantmod") and k < i and p.pos[k] in ("NOUN", "SYM", "ADJ", "VERB"):
                if p.lemma[i] not in self.lexicon.nouns or p.pos[k] == "SYM":
                    words.add(p.lemma[k]) if p.pos[k] != "ADJ" else None
            elif p.dep[k] == "prep" and p.lower[k] == "of" and (p.lemma[i] in HOLLOW or p.pos[i] == "NUM"):
                words.update(p.lemma[c] for c in p.kids[k] if p.dep[c] == "pobj")
        for name in classes:
            if name == "actor":
                if self.roles.may_act(i):
                    return True
            elif name == "@any":
                if self._noun_sense(i) is not None:
                    return True
            elif name.startswith("@"):
                noun = self._noun_sense(i)
                if noun is not None and noun.type == name[1:]:
                    return True
            elif name in known:
                if words & known[name]:
                    return True
            elif name in words:
                return True
        return False

    def _noun_sense(self, i: int) -> NounSense | None:
        p = self.p
        if p.pos[i] not in ("NOUN", "PROPN", "VERB"):
            return None
        sense = self.lexicon.nouns.get(p.lemma[i]) or self.lexicon.nouns.get(p.lower[i])
        if sense is not None and "hidden" in sense.flags:
            for k in p.kids[i]:
                if p.dep[k] in ("compound", "amod") and p.lemma[k] in (
                    "hunger",
                    "general",
                    "phone",
                    "telephone",
                    "labor",
                ):
                    return sense
            return sense if "call" not in sense.lemma else None
        if sense is None and p.lemma[i] in HOLLOW:
            for word, _, objects in p.prepositions(i):
                if word == "of" and objects:
                    return self._noun_sense(objects[0]) if p.lemma[objects[0]] not in HOLLOW else None
        if sense is None:
            return None
        if sense.type == "ASSAULT" and sense.lemma == "strike":
            for k in p.kids[i]:
                if p.lemma[k] in ("hunger", "general", "labor", "labour", "teacher", "rail", "nationwide", "work"):
                    return NounSense(
                        "strike", "PROTEST", "strike", ("by", "of"), ("against", "at", "over"), frozenset(("free",))
                    )
        return sense

    def _is_physical(self, subject: int | None, obj: int | None) -> bool:
        """Whether a blow can be meant: somebody, or an event noun, strikes a thing, a place or somebody."""
        if (
            obj is None
            or self.p.ent[obj] in ("PERCENT", "MONEY", "DATE", "CARDINAL")
            or self.p.lemma[obj] in ("deal", "record", "agreement")
        ):
            return False
        return subject is None or bool(self.roles.actors_at(subject)) or self._noun_sense(subject) is not None

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
        if is_reciprocal and not recipients and len(actors) > 1:
            actors, recipients = actors[:1], actors[1:]
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
