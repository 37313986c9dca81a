"""Find who stands in a slot of a predicate, and the span of words that names them."""

from newsbeam.transforms.events.lexicon import Lexicon
from newsbeam.transforms.events.parse import NOMINAL, UNNAMED, Parse

#: Prepositions that stay inside the name of a participant: "the police of Kano", "a base in the north".
INNER = frozenset(("of", "in", "for", "from", "at", "on", "to", "near"))
TOWNS = frozenset(
    "city town village province region district state port island capital suburb area governorate".split()
)
_PRONOUNS = frozenset(("it", "they", "he", "she", "i", "we"))
_ABSTRACT = (
    "tion",
    "sion",
    "ment",
    "ness",
    "ity",
    "ance",
    "ence",
    "ing",
    "ism",
    "ure",
    "al",
    "ship",
    "ty",
    "cy",
    "age",
    "th",
)
#: Endings of nouns for people; the class "thing" lists what else ends so.
_AGENTIVE = ("er", "or", "ist", "ian", "ee", "man", "woman", "crat", "guard")
_LED = frozenset(("lead", "led", "broker", "sponsor", "order", "back", "mediate", "host"))
_SETTLED = frozenset("base locate station headquarter garrison".split())
_FIRED = frozenset("fire launch shoot hurl lob".split())
PLACES = ("in", "from", "at", "to", "near", "across", "along", "into", "outside", "inside", "throughout", "over", "on")


class Roles:
    """Slots of predicates in one parse."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        """Take a parse and the words for people and bodies."""
        self.p = parse
        self.humans = lexicon.classes["human"] | lexicon.classes["body"] | lexicon.classes["troops"]
        self.bodies = lexicon.classes["body"] | lexicon.classes["troops"]
        self.nouns = lexicon.nouns
        self.things = lexicon.classes["thing"]
        #: The thing behind whose owner an event aims at somebody: "an Australian ultimatum" for Australia.
        self.thing_of: dict[int, int] = {}

    def may_act(self, i: int) -> bool:
        """Whether a nominal names people, a body or a country."""
        p = self.p
        if p.ent[i] in ("PERSON", "ORG", "NORP", "GPE", "LOC"):
            return p.pos[i] in NOMINAL and not (p.pos[i] == "NOUN" and p.lemma[i] in self.nouns)
        if p.ent[i] in UNNAMED and p.pos[i] != "NOUN":
            if p.pos[i] != "NUM" or p.ent[i] != "CARDINAL":
                return False
            return p.dep[i] in ("nsubj", "nsubjpass", "dobj") or any(p.lower[k] == "of" for k in p.kids[i])
        if p.pos[i] == "PROPN":
            return True
        if p.lemma[i] in self.humans or p.lower[i] in self.humans:
            return True
        return (
            p.pos[i] == "NOUN"
            and p.lemma[i].endswith(_AGENTIVE)
            and p.lemma[i] not in self.things
            and len(p.lemma[i]) > 5
        )

    def owner(self, i: int, depth: int = 0, *, outward: bool = True) -> int | None:
        """Who stands behind a thing: its possessor, maker, sender or the people it is named after."""
        p = self.p
        holder = p.one(i, "poss")
        if holder is not None and not (outward and p.pos[holder] == "PRON"):
            return holder if self.may_act(holder) or p.pos[holder] == "PRON" else self.owner(holder, depth + 1)
        by_rank: list[int] = []
        for wanted in (("by", "from"), ("of", "between"), ("against", "with", "on", "to", "in", "for")):
            if wanted[0] == "against" and (named := self.named_before(i, is_actor=not outward)) is not None:
                return named
            if wanted[0] == "against" and not outward:
                break
            for word, _, objects in p.prepositions(i):
                if word in wanted:
                    by_rank.extend(objects)
        for k in by_rank:
            if p.pos[k] not in NOMINAL:
                continue
            if self.may_act(k):
                return k
            if depth < 2 and (inner := self.owner(k, depth + 1, outward=outward)) is not None:
                return inner
        for k in p.all(i, "acl", "relcl"):
            if p.is_passive(k) and p.lemma[k] not in _LED and (agent := p.agent(k)) is not None:
                return agent
        return None

    def named_before(self, i: int, *, is_actor: bool = True) -> int | None:
        """The name (for actors also the body) that stands before a noun: "a Chinese request", "an army raid"."""
        p = self.p
        for k in reversed(p.kids[i]):
            if (
                k < i
                and p.dep[k] in ("compound", "amod", "nmod")
                and p.ent[k] in ("ORG", "GPE", "NORP", "PERSON", "LOC")
                and not (p.ent[i] == p.ent[k] and p.pos[i] == "PROPN")  # "Hong" in "Hong Kong"
            ):
                return k
        for k in reversed(p.kids[i]):  # "a Saudi-led strike"
            if k < i and p.dep[k] == "amod" and p.tag[k] in ("VBN", "VBD") and p.lemma[k] in _LED:
                for c in p.kids[k]:
                    if p.ent[c] in ("ORG", "GPE", "NORP", "PERSON"):
                        return c
        for k in reversed(p.kids[i]) if is_actor else ():
            if (
                k < i
                and p.dep[k] in ("compound", "nmod")
                and p.lemma[k] in self.humans
                and p.pos[k] in ("NOUN", "PROPN")
            ):
                return k
        return None

    def actors_at(self, i: int | None) -> list[int]:
        """The acting heads that a nominal stands for: itself and what is coordinated with it, or its owner."""
        if i is None:
            return []
        p = self.p
        found: list[int] = []
        for k in p.series(i):
            if self.may_act(k):
                found.extend(self.parties(k))
        if found:
            return [self.place_in(self.same(k)) for k in found]
        owner = self.owner(i, outward=False)
        if owner is None:
            return []
        is_abstract = p.lemma[i] in self.nouns or p.lemma[i] in self.things or p.lemma[i].endswith(_ABSTRACT)
        if not is_abstract and p.one(i, "poss") == owner:
            return [i]  # "Armenia's top brass": somebody of theirs
        return [self.same(k) for k in p.series(owner) if self.may_act(k) or p.pos[k] == "PRON"]

    def parties(self, i: int) -> list[int]:
        """The sides in "Hungarian and Romanian officials" or "Russia and Turkey's ministers"; else the nominal."""
        p = self.p
        for k in p.all(i, "amod", "poss", "compound", "nmod"):
            if p.ent[k] in ("NORP", "GPE", "ORG"):
                sides = [k, *(c for c in p.kids[k] if p.dep[c] == "conj" and p.ent[c] in ("NORP", "GPE", "ORG"))]
                if len(sides) > 1:
                    return [*sides[:-1], sides[-1]]
        if p.tag[i] == "NNS":  # "the leaders of Peru and Chile"
            for word, _, objects in p.prepositions(i):
                if word in ("of", "from") and objects and p.ent[objects[0]] in ("GPE", "NORP"):
                    sides = [k for k in p.series(objects[0]) if p.ent[k] in ("GPE", "NORP")]
                    if len(sides) > 1:
                        return sides
        return [i]

    def same(self, i: int) -> int:
        """The speaker whom a pronoun of the reported clause stands for ("Ethiopia said it would"); else the token."""
        p = self.p
        if p.pos[i] != "PRON" or p.lower[i] not in _PRONOUNS or p.dep[i] not in ("nsubj", "nsubjpass"):
            return i
        verb = p.head[i]
        while p.dep[verb] in ("conj", "xcomp") and p.is_verb(p.head[verb]):
            verb = p.head[verb]
        above = p.head[verb]
        if p.dep[verb] != "ccomp" or above == verb or not p.is_verb(above):
            return i
        speaker = p.subject(above)
        if speaker is None or speaker == i or not self.may_act(speaker) or p.pos[speaker] == "PRON":
            return i
        plural = p.tag[speaker] in ("NNS", "NNPS") or len(p.series(speaker)) > 1
        person = p.ent[speaker] == "PERSON"
        word = p.lower[i]
        if word in ("he", "she"):
            return speaker if person or not plural else i
        if word in ("i", "we"):
            return speaker
        if word == "it":
            return speaker if not plural and not person else i
        return speaker if plural or not person else i

    def aim(self, thing: int) -> int | None:
        """Who stands behind a thing that an event is aimed at; the thing is kept for its words."""
        owner = self.owner(thing)
        if owner is not None and owner != thing:
            self.thing_of[owner] = thing
        return owner

    def shown(self, i: int, type_: str) -> tuple[int, int]:
        """The span of a recipient of an event of type `type_`.

        What is attacked is the thing itself ("the mosque in Sinai"), so is an attack that is condemned; elsewhere the
        thing is shown for its owner where it is not much longer.
        """
        own = self.span(i)
        thing = self.thing_of.get(i)
        if thing is None:
            return own
        attack = self._attack_on(thing) if type_ == "ACCUSE" else None
        whole = self.span(thing if attack is None else attack)
        if not whole[0] <= own[0] < own[1] <= whole[1]:
            return own
        is_meant = type_ == "ASSAULT" or attack is not None
        return whole if is_meant or whole[1] - whole[0] <= 2 * (own[1] - own[0]) + 4 else own

    def _attack_on(self, i: int) -> int | None:
        """The attack that a thing is, or is the target of."""
        p = self.p
        for k in (i, p.head[p.head[i]]) if p.dep[i] == "pobj" else (i,):
            sense = self.nouns.get(p.lemma[k])
            if sense is not None and sense.type == "ASSAULT" and p.pos[k] in ("NOUN", "PROPN"):
                return k
        return None

    def place_in(self, i: int) -> int:
        """The name in "the northern city of Kirkuk"; any other nominal itself."""
        p = self.p
        if p.pos[i] == "NOUN" and p.lemma[i] in TOWNS:
            for word, _, objects in p.prepositions(i):
                if word == "of" and objects and p.is_named(objects[0]):
                    self.thing_of.setdefault(objects[0], i)
                    return objects[0]
        return i

    def in_slot(self, i: int, slot: str, obj: int | None, noun: int | None, *, is_deep: bool = True) -> list[int]:
        """Nominals in the slot `slot` of predicate `i`; its object's and event noun's prepositions count too."""
        p = self.p
        if slot == "obj":
            return [obj] if obj is not None else []
        if slot == "iobj":
            k = p.one(i, "dative")
            if k is None:
                return []
            if p.pos[k] in NOMINAL:
                return [k]
            return [c for c in p.kids[k] if p.dep[c] == "pobj"]
        found: list[int] = []
        for host in (i, noun, obj):
            if host is None:
                continue
            for word, _, objects in p.prepositions(host):
                if word == slot:
                    found.extend(k for k in objects if k not in found)
        if not found and is_deep:
            for word, _, objects in p.phrases(i):
                if word == slot:
                    found.extend(c for c in objects if c not in found)
        return found

    def place_below(self, i: int, obj: int | None, noun: int | None) -> int | None:
        """A named place in a locative phrase of the predicate or its object."""
        p = self.p
        for host in (noun, obj, i):
            if host is None:
                continue
            for word, _, objects in p.prepositions(host):
                if word == "from" and p.lemma[host] in _FIRED:
                    continue  # where it was fired from is not where it fell
                if word in PLACES or (word == "with" and p.lemma[host] in ("border", "frontier", "boundary")):
                    for k in objects:
                        if p.ent[k] in ("GPE", "LOC", "FAC", "NORP"):
                            return k
                        if p.pos[k] in ("NOUN", "PROPN") and p.ent[k] not in UNNAMED:
                            if (inner := self.place_below(k, None, None)) is not None:
                                return inner
                            if (named := self.named_before(k, is_actor=False)) is not None:
                                return named
        return None

    def place_around(self, i: int) -> int | None:
        """The first named place of a locative phrase anywhere in the clause."""
        p = self.p
        for word, prep, objects in p.phrases(i):
            if word in PLACES and prep > i and not (word == "from" and p.lemma[p.head[prep]] in _FIRED):
                for k in objects:
                    if p.ent[k] in ("GPE", "LOC"):
                        return k
        return None

    def span(self, i: int) -> tuple[int, int]:
        """First and last+1 token of the phrase that names a participant, in one line of the text."""
        start, end = self._span(i)
        word = self.p.tokens.word
        breaks = [k for k in range(start, end) if "\n" in word[k]]
        return max([start, *(k + 1 for k in breaks if k < i)]), min([end, *(k for k in breaks if k > i)])

    def _span(self, i: int) -> tuple[int, int]:
        p = self.p
        if p.dep[i] in ("compound", "amod", "nmod"):
            return self._before_noun(i)
        start, end = i, i + 1
        for k in p.kids[i]:
            dep = p.dep[k]
            if k < i:
                if dep in (
                    "punct",
                    "cc",
                    "preconj",
                    "mark",
                    "advmod",
                    "prep",
                    "advcl",
                    "case",
                    "predet",
                    "ccomp",
                    "relcl",
                ):
                    continue
                start = min(start, p.left_edge(k))
            elif dep == "prep" and p.lower[k] in INNER and not self._is_time(k) and p.one(k, "pcomp") is None:
                end = max(end, self._right(k) + 1)
            elif (
                dep == "appos"
                and p.ent[i] not in ("GPE", "LOC")
                and p.pos[k] in ("NOUN", "PROPN")
                and p.ent[k] not in UNNAMED
            ):
                end = max(end, self._right(k) + 1)
            elif dep in ("amod", "advmod") and k == end and p.one(k, "prep") is not None:
                end = self._right(k) + 1  # "forces loyal to the king", "a village elsewhere in Chad"
            elif dep == "acl" and k == end and (p.one(k, "agent") is not None or p.lemma[k] in _SETTLED):
                end = self._right(k) + 1  # "nurses employed by the Red Cross", "forces based in Goma"
            elif (
                dep in ("case", "compound", "nmod", "nummod", "flat")
                and k == end
                and p.lower[k] not in ("'s", "’s", "'", "’")
            ):
                end = k + 1
        return start, end

    def core(self, i: int) -> tuple[int, int]:
        """The span of a participant without the places and clauses behind its head: what names it."""
        p = self.p
        start, end = self.span(i)
        if p.dep[i] in ("compound", "amod", "nmod"):
            return start, end
        for k in p.kids[i]:
            is_clause = p.dep[k] == "amod" or (p.dep[k] == "acl" and p.lemma[k] in _SETTLED)
            if i < k < end and (is_clause or (p.dep[k] == "prep" and p.lower[k] not in ("of", "for"))):
                return start, max(i + 1, p.left_edge(k))
        return start, end

    def _before_noun(self, i: int) -> tuple[int, int]:
        """The name or body that stands before another noun: "Syrian government" in "Syrian government warplanes"."""
        p, head = self.p, self.p.head[i]
        start = end = i
        while start > 0 and p.head[start - 1] in (head, i, start) and self._is_naming(start - 1):
            start -= 1
        while end + 1 < head and p.head[end + 1] == head and self._is_naming(end + 1):
            end += 1
        return start, end + 1

    def _is_naming(self, k: int) -> bool:
        p = self.p
        return p.dep[k] in ("compound", "amod", "nmod") and (p.is_named(k) or p.lemma[k] in self.bodies)

    def _is_time(self, prep: int) -> bool:
        return any(self.p.ent[k] in ("DATE", "TIME") for k in self.p.kids[prep])

    def _right(self, i: int, depth: int = 0) -> int:
        p, last = self.p, i
        for k in p.kids[i]:
            if k < i or depth > 5:
                continue
            if p.dep[k] in ("relcl", "acl", "advcl", "cc", "punct", "ccomp"):
                continue
            if p.dep[k] == "conj" and p.dep[i] not in ("pobj", "appos"):
                continue
            if p.dep[k] == "prep" and (self._is_time(k) or p.lower[k] not in INNER):
                continue
            last = max(last, self._right(k, depth + 1))
        return last
