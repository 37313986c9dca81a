"""Read the events of a parse: frames first, then the conventions of the field for operators and modal verbs."""

from collections.abc import Iterable

from newsbeam.transforms.events.lexicon import Condition, Lexicon, NounSense, VerbSense
from newsbeam.transforms.events.parse import NOMINAL, Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

FUTURE = frozenset(("will", "'ll", "’ll", "shall", "wo", "wo'", "sha"))
DUTY = frozenset(("must", "should", "ought"))
MAYBE = frozenset(("may", "might", "could", "can", "ca"))
SPEECH = frozenset(
    "say tell state report announce declare claim add confirm reveal disclose note explain warn vow insist stress argue "
    "maintain assert believe think reiterate emphasize emphasise tweet write pledge promise swear".split()
)
CLAUSAL = ("xcomp", "ccomp")
#: Nouns that say no more than that somebody did something: their complement is the event.
HOLLOW = frozenset(
    "number series wave string round spate campaign kind type part dozen hundred act member threat".split()
)
UNREAL = frozenset(("if", "unless", "whether"))


class Reader:
    """Reads one parsed document. `read_all` gives its events in the order of the text."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        self.p = parse
        self.lexicon = lexicon
        self.roles = Roles(parse, lexicon)
        self._memory: dict[int, Reading | None] = {}
        self._silent: set[int] = set()

    def read_all(self) -> list[Reading]:
        """All events, verbs before the nouns that they leave over."""
        p, found = self.p, []
        consumed: set[int] = set()
        verbs, nouns = self.lexicon.verbs, self.lexicon.nouns
        nominal = []
        for i, lemma in enumerate(p.lemma):
            if lemma in verbs and p.is_verb(i):
                if i not in consumed and i not in self._silent and not self._is_modifier(i):
                    reading = self.read(i)
                    consumed |= self._silent
                    if reading is not None:
                        found.append(reading)
                        consumed |= reading.consumed
            elif lemma in nouns and p.pos[i] in ("NOUN", "PROPN"):
                nominal.append(i)
            elif p.pos[i] in ("ADJ", "AUX"):
                adjectival = self.read_adjective(i)
                if adjectival is not None and i not in consumed:
                    found.append(adjectival)
                    consumed |= adjectival.consumed
        consumed |= self._silent
        for i in nominal:
            if i not in consumed:
                reading = self.read_free_noun(i)
                if reading is not None:
                    found.append(reading)
        return sorted(found, key=lambda r: (min(r.trigger), r.head))

    def _is_modifier(self, i: int) -> bool:
        """A participle before its noun ("the occupied territories") states a quality."""
        return self.p.dep[i] in ("amod", "compound") and self.p.head[i] > i

    # -- verbs ---------------------------------------------------------------------------------------------------

    def read(self, i: int, depth: int = 0) -> Reading | None:
        """The event that a verb states, with modality applied; None where it states none."""
        if i not in self._memory:
            self._memory[i] = None
            self._memory[i] = self._read(i, depth)
        return self._memory[i]

    def _read(self, i: int, depth: int) -> Reading | None:
        p = self.p
        senses = self.lexicon.verbs.get(p.lemma[i])
        if senses is None or depth > 5:
            return None
        passive = p.is_passive(i)
        grammatical = p.subject(i)
        subject, obj = (p.agent(i), None) if passive else (grammatical, p.object(i))
        if passive:
            obj = self._passive_object(i, grammatical)
            dobj = p.one(i, "dobj", "oprd")
            if dobj is not None and obj is not None and dobj != obj:  # "was granted asylum": the subject receives
                return self._first(i, senses, subject, dobj, obj, passive, depth)
        return self._first(i, senses, subject, obj, None, passive, depth)

    def _passive_object(self, i: int, grammatical: int | None) -> int | None:
        p = self.p
        if grammatical is None and p.dep[i] in ("acl", "relcl", "amod"):
            return p.head[i]
        return grammatical

    def _first(
        self,
        i: int,
        senses: tuple[VerbSense, ...],
        subject: int | None,
        obj: int | None,
        receiver: int | None,
        passive: bool,
        depth: int,
    ) -> Reading | None:
        particles = self._particles(i)
        for sense in senses:
            if sense.particle is not None and sense.particle not in particles:
                continue
            if not all(self._holds(i, c, subject, obj, receiver) for c in sense.conditions):
                continue
            if "phys" in sense.flags and not self._is_physical(subject, obj):
                continue
            if "skip" in sense.flags:
                return None
            if sense.operator:
                outcome = self._operate(i, sense, subject, obj, receiver, depth)
                if outcome == "stop":
                    return None
                if isinstance(outcome, Reading):
                    return self._modal(i, outcome)
                continue
            reading = self._plain(i, sense, subject, obj, receiver, passive)
            if reading is not None:
                return self._modal(i, reading)
        return None

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

    def _plain(
        self, i: int, sense: VerbSense, subject: int | None, obj: int | None, receiver: int | None, passive: bool
    ) -> Reading | None:
        assert sense.type is not None
        p, roles = self.p, self.roles
        trigger, consumed = [i], {i}
        noun = None
        if subject is not None and self._noun_sense(subject) is not None and sense.type in ("ASSAULT", "PROTEST"):
            cause = self._noun_sense(subject)
            if cause is not None and cause.type == sense.type:
                trigger.append(subject)
                consumed.add(subject)
        actors = self._actors(i, sense.actor, subject, obj)
        if obj is not None and self._noun_sense(obj) is not None:
            consumed.add(obj)
            noun = obj
            if any(c.slot == "obj" and c.classes for c in sense.conditions):
                trigger.append(obj)
        elif obj is not None and any(
            c.slot == "obj" and c.classes and "actor" not in c.classes for c in sense.conditions
        ):
            if not roles.may_act(obj):
                trigger.append(obj)
        recipients = self._recipients(i, sense.slots, subject, obj, noun, receiver, actors)
        if sense.actor == "from" and obj is not None:
            actors = [k for h in roles.in_slot(i, "from", obj, None) for k in roles.actors_at(h)]
        if "weak" in sense.flags and not (actors and any(roles.may_act(k) for k in recipients)):
            return None
        if "eat" in sense.flags:
            self._swallow(i, {*actors, *recipients})
        if not actors and not recipients:
            return None
        return self._reading(
            i, sense.type, sense.mode, trigger, actors, recipients, "recip" in sense.flags, consumed, 1.0
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

    def _actors(self, i: int, slot: str, subject: int | None, obj: int | None) -> list[int]:
        roles, p = self.roles, self.p
        if slot != "subj":
            return [
                k
                for h in roles.in_slot(subject if subject is not None else i, slot, obj, None)
                for k in p.series(h)
                if roles.may_act(k)
            ]
        actors = roles.actors_at(subject)
        if actors or subject is None:
            return actors
        owner = roles.owner(subject, outward=False)
        return [owner] if owner is not None else []

    def _recipients(
        self,
        i: int,
        slots: tuple[str, ...],
        subject: int | None,
        obj: int | None,
        noun: int | None,
        receiver: int | None,
        actors: list[int],
    ) -> list[int]:
        """The first slot that holds somebody; else the owner of a thing in a slot; else the thing that is acted on."""
        p, roles = self.p, self.roles
        if receiver is not None and roles.may_act(receiver):
            return [k for k in p.series(receiver) if roles.may_act(k)]
        names = [slot.partition(":")[0] for slot in slots]
        if "obj" in names and obj is not None and roles.may_act(obj):
            return [k for k in p.series(obj) if roles.may_act(k)]
        things: list[int] = []
        for name in names:
            if name == "subj":
                heads = [subject] if subject is not None else []
            elif name == "clause":
                heads = self._clause_people(i)
            else:
                heads = roles.in_slot(i, name, obj, noun)
            for head in heads:
                if p.pos[head] not in NOMINAL or head in actors:
                    continue
                people = [k for k in p.series(head) if roles.may_act(k) and k not in actors]
                if people:
                    return people
                owner = roles.owner(head)
                if owner is not None and owner not in actors:
                    return [owner]
                if p.ent[head] not in ("DATE", "TIME", "MONEY", "PERCENT") and head != noun:
                    things.append(head)
        for host in (obj, noun):
            if host is not None:
                owner = roles.owner(host)
                if (
                    owner is not None
                    and owner not in actors
                    and p.lower[owner] not in ("its", "his", "their", "her", "our", "my")
                ):
                    return [owner]
        place = roles.place_below(i, obj, noun)
        if place is not None and place not in actors:
            return [place]
        if "obj" in names and obj is not None and obj != noun:
            return [obj]
        return things[:1]

    def _clause_people(self, i: int) -> list[int]:
        """Subjects of the complement clauses, and the recipients of the events in them."""
        p, found = self.p, []
        for k in p.kids[i]:
            if p.dep[k] in CLAUSAL:
                subject = p.one(k, "nsubj", "nsubjpass")
                if subject is not None:
                    found.append(subject)
                agent = p.agent(k)
                if agent is not None:
                    found.append(agent)
                obj = p.object(k)
                if obj is not None:
                    found.append(obj)
                for _, _, objects in p.prepositions(k):
                    found.extend(objects)
        return found

    # -- operators -----------------------------------------------------------------------------------------------

    def _operate(
        self, i: int, sense: VerbSense, subject: int | None, obj: int | None, receiver: int | None, depth: int
    ) -> Reading | str | None:
        """The event of an operator: its complement's, changed by convention. "stop" = none, and look no further."""
        p = self.p
        if sense.operator in ("want", "ignore"):
            self._silence(i, obj if sense.operator == "ignore" else None)
            return "stop"
        if sense.operator == "report":
            return self._reported_duty(i, subject) or "stop"
        if "stmt" in sense.flags and any(
            p.lemma[k] in ("comment", "say", "elaborate", "speak", "give", "discuss", "answer")
            for k in p.all(i, *CLAUSAL)
        ):
            return "stop"
        inner = self._complement(i, sense, obj, depth)
        if inner is None:
            if sense.operator == "warn":
                return self._default(i, "THREATEN", sense, subject, obj, receiver) if obj is not None else "stop"
            if sense.type is None:
                return None
            return self._default(i, sense.type, sense, subject, obj, receiver)
        type_ = self.lexicon.combine(sense.operator, inner.type)
        if type_ is None:
            self._silent.update(inner.consumed)
            return "stop"
        if sense.operator == "warn" and obj is None:
            return "stop"
        mode = sense.mode or (inner.mode if type_ == inner.type else None)
        if mode is None and sense.operator == "end" and type_ == "RETREAT":
            mode = "ceasefire"
        actors = self._actors(i, "subj", subject, obj)
        passive = p.is_passive(i)
        if not actors and not passive and sense.operator in ("do", "begin", "try"):
            actors = list(inner.actors)
        if passive and not actors and sense.operator in ("do", "begin", "intend", "try", "end"):
            actors = list(inner.actors)
        own = [slot for slot in sense.slots if slot not in ("clause",)]
        recipients: list[int] = []
        if sense.operator in ("request", "allow", "order", "threaten", "warn", "intend", "refuse"):
            people = [k for s in own for k in self.roles.in_slot(i, s.partition(":")[0], obj, None) if k not in actors]
            recipients = [k for h in people for k in p.series(h) if self.roles.may_act(k)]
            if sense.operator in ("request", "allow", "order", "warn") and not recipients:
                recipients = [k for k in inner.actors if k not in actors]
        if not recipients:
            recipients = [k for k in inner.recipients if k not in actors]
        if not recipients:
            recipients = [k for k in inner.actors if k not in actors]
        if not recipients:
            recipients = self._recipients(i, sense.slots, subject, obj, None, receiver, actors)
        if not actors and not recipients:
            return None
        consumed = {i, *inner.consumed}
        trigger = (i, *inner.trigger) if all(abs(i - k) < 12 for k in inner.trigger) else (i,)
        reciprocal = inner.is_reciprocal and sense.operator in ("do", "begin", "intend")
        return self._reading(i, type_, mode, trigger, actors, recipients, reciprocal, consumed, 0.9 * inner.weight)

    def _default(
        self, i: int, type_: str, sense: VerbSense, subject: int | None, obj: int | None, receiver: int | None
    ) -> Reading | None:
        actors = self._actors(i, "subj", subject, obj)
        recipients = self._recipients(i, sense.slots, subject, obj, None, receiver, actors)
        if not actors and not recipients:
            return None
        self._silence(i, None)
        return self._reading(i, type_, sense.mode, [i], actors, recipients, "recip" in sense.flags, {i}, 0.7)

    def _silence(self, i: int, obj: int | None) -> None:
        """The complement of a wish is no event."""
        p = self.p
        for k in p.kids[i]:
            if p.dep[k] in CLAUSAL:
                self._silent.update(c for c in p.below(k))
        if obj is not None:
            self._silent.add(obj)

    def _complement(self, i: int, sense: VerbSense, obj: int | None, depth: int) -> Reading | None:
        """The event below an operator: an infinitive, a that-clause, a gerund, or an event noun."""
        p = self.p
        nominal = any("@any" in c.classes or any(x.startswith("@") for x in c.classes) for c in sense.conditions)
        if nominal:
            hosts = [obj] if obj is not None else []
            for c in sense.conditions:
                if c.slot.startswith("+"):
                    hosts = [o for w, _, objects in p.prepositions(i) if w == c.slot[1:] for o in objects]
            for host in hosts:
                for k in p.series(host):
                    if self._noun_sense(k) is not None:
                        return self.read_noun(k, i, sense.slots)
            return None
        for k in p.kids[i]:
            if p.dep[k] in CLAUSAL or (p.dep[k] == "advcl" and self._is_infinitive(k) and p.lower[k - 1] == "to"):
                reading = self._read_below(k, depth)
                if reading is not None:
                    return reading
        for word, _, objects in p.prepositions(i):
            if word in ("to", "on", "for", "in", "from", "with"):
                for k in objects:
                    if p.dep[k] == "pcomp" and (reading := self._read_below(k, depth)) is not None:
                        return reading
                    if p.dep[k] == "pobj" and self._noun_sense(k) is not None:
                        return self.read_noun(k, i, sense.slots)
        if (
            obj is not None
            and self._noun_sense(obj) is not None
            and sense.operator in ("intend", "refuse", "request", "order", "threaten")
        ):
            return self.read_noun(obj, i, sense.slots)
        if obj is not None:
            for k in p.all(obj, "acl", "relcl"):
                if self._is_infinitive(k) and (reading := self._read_below(k, depth)) is not None:
                    return reading
        return None

    def _read_below(self, k: int, depth: int) -> Reading | None:
        """A complement's event without its own modality."""
        if self.p.lemma[k] in self.lexicon.verbs:
            if (reading := self.read(k, depth + 1)) is not None:
                return reading
        for c in self.p.all(k, "acomp", "attr", "conj", "xcomp"):
            if self.p.lemma[c] in self.lexicon.verbs and self.p.is_verb(c):
                if (reading := self.read(c, depth + 1)) is not None:
                    return reading
            if self.p.dep[c] == "attr" and self._noun_sense(c) is not None:
                return self.read_noun(c, k, ())
        return None

    def _reported_duty(self, i: int, speaker: int | None) -> Reading | None:
        """ "X said that Y must …" asks something of Y."""
        p = self.p
        for k in p.all(i, "ccomp"):
            auxiliaries = p.auxiliaries(k)
            duty = any(a in DUTY for a in auxiliaries) or (
                p.lemma[k] in ("need", "have") and p.one(k, "xcomp") is not None and p.lemma[k] == "need"
            )
            if not duty or speaker is None:
                continue
            actors = self.roles.actors_at(speaker)
            subject = p.one(k, "nsubj", "nsubjpass")
            if not actors or subject is None:
                continue
            people = [
                c for c in p.series(subject) if self.roles.may_act(c) and p.lower[c] not in ("we", "it", "i", "you")
            ]
            if not people:
                owner = self.roles.owner(subject)
                people = [owner] if owner is not None else []
            if not people:
                people = [a for a in [p.agent(k)] if a is not None and self.roles.may_act(a)]
            if not people:
                place = self.roles.place_below(k, p.object(k), None)
                people = [place] if place is not None else [subject] if p.pos[subject] == "NOUN" else []
            if people:
                self._silent.update(p.below(k))
                aux = [c for c in p.kids[k] if p.dep[c] == "aux"]
                return self._reading(k, "REQUEST", None, [*aux[:1], k], actors, people, False, {i, k}, 0.8)
        return None

    # -- modality ------------------------------------------------------------------------------------------------

    def _modal(self, i: int, reading: Reading) -> Reading | None:
        """Apply the auxiliaries and negation of the verb that carries the event."""
        p = self.p
        auxiliaries = p.auxiliaries(i)
        negated = p.is_negated(i)
        speaker, reported = self._speaker(i)
        reading = reading._replace(speaker=speaker)
        future = any(a in FUTURE for a in auxiliaries) or ("would" in auxiliaries and reported)
        if p.tag[i] == "VBG" and any(p.dep[k] == "xcomp" for k in (i,)):
            future = future or False
        if p.dep[i] == "xcomp" and p.lemma[p.head[i]] == "go" and p.tag[p.head[i]] == "VBG":
            future = True
        if future:
            type_ = self.lexicon.combine("refuse" if negated else "intend", reading.type)
            if type_ is None:
                return None
            return reading._replace(
                type=type_,
                realis="future",
                weight=reading.weight * 0.9,
                mode=None if type_ != reading.type else reading.mode,
            )
        if any(a in DUTY for a in auxiliaries):
            if speaker is None:
                return None
            people = [k for k in reading.actors if k != speaker] or list(reading.recipients)
            actors = self.roles.actors_at(speaker)
            if not actors or not people:
                return None
            return self._reading(i, "REQUEST", None, reading.trigger, actors, people, False, reading.consumed, 0.7)
        if "would" in auxiliaries or any(a in MAYBE for a in auxiliaries) or self._is_conditional(i):
            return reading._replace(realis="hypothetical", is_negated=negated, weight=reading.weight * 0.4)
        return reading._replace(is_negated=negated)

    def _is_conditional(self, i: int) -> bool:
        mark = self.p.one(i, "mark")
        return mark is not None and self.p.lower[mark] in UNREAL

    def _speaker(self, i: int) -> tuple[int | None, bool]:
        """(who reports the clause, whether it is reported at all)."""
        p = self.p
        below = i
        for k in p.ancestors(i):
            if p.dep[below] in ("ccomp", "advcl", "parataxis") and p.lemma[k] in SPEECH and p.is_verb(k):
                subject = p.subject(k)
                if p.dep[below] == "ccomp" or p.dep[below] == "parataxis":
                    return subject, True
            if p.dep[below] in ("relcl", "acl"):
                break
            below = k
        for k in p.all(below, "parataxis", "ccomp"):
            if p.lemma[k] in SPEECH and k > i:
                return p.one(k, "nsubj"), True
        for k in p.kids[below]:
            if p.dep[k] == "prep" and p.lower[k] == "according":
                for c in p.kids[k]:
                    for o in p.kids[c]:
                        if p.dep[o] == "pobj":
                            return o, True
        return None, False

    # -- adjectives ----------------------------------------------------------------------------------------------

    def read_adjective(self, i: int) -> Reading | None:
        """ "is willing to", "is ready to", "was critical of", "is under fire": copular predicates."""
        p = self.p
        lemma = p.lower[i]
        copula = p.head[i]
        if p.dep[i] not in ("acomp", "attr", "oprd", "amod", "ROOT", "conj", "advcl"):
            return None
        subject = p.subject(copula) if p.lemma[copula] in ("be", "remain", "become", "stay", "seem") else None
        if subject is None:
            return None
        actors = self.roles.actors_at(subject)
        if not actors:
            return None
        if lemma in ("willing", "ready", "prepared", "set", "due", "scheduled", "determined", "poised"):
            for k in p.all(i, "xcomp", "ccomp", "advcl"):
                inner = self._read_below(k, 0)
                if inner is not None:
                    negated = p.is_negated(copula)
                    type_ = self.lexicon.combine("refuse" if negated else "intend", inner.type)
                    if type_ is not None:
                        recipients = [c for c in inner.recipients if c not in actors]
                        reading = self._reading(
                            i,
                            type_,
                            None,
                            (i, *inner.trigger),
                            actors,
                            recipients,
                            inner.is_reciprocal,
                            {i, copula, *inner.consumed},
                            0.9,
                        )
                        return reading._replace(realis="future", speaker=self._speaker(copula)[0])
        words = {
            "critical": ("ACCUSE", ("of",)),
            "supportive": ("SUPPORT", ("of",)),
            "opposed": ("REJECT", ("to",)),
            "grateful": ("SUPPORT", ("to", "for")),
        }
        if lemma in words:
            type_, slots = words[lemma]
            recipients = self._recipients(i, slots, subject, None, None, None, actors)
            if recipients:
                return self._reading(i, type_, None, (i,), actors, recipients, False, {i, copula}, 0.8)
        return None

    # -- nouns ---------------------------------------------------------------------------------------------------

    def read_noun(self, i: int, verb: int | None, slots: tuple[str, ...]) -> Reading | None:
        """The event of a noun; under a verb the verb's prepositions count as its own."""
        sense = self._noun_sense(i)
        if sense is None:
            return None
        p, roles = self.p, self.roles
        target = i
        if p.lemma[i] in HOLLOW:
            target = next((o for w, _, objects in p.prepositions(i) if w == "of" for o in objects), i)
        actors: list[int] = []
        for slot in sense.actor_slots:
            if slot == "poss":
                head = p.one(target, "poss")
                heads = [head] if head is not None else []
            elif slot == "comp":
                named = roles._named_before(target)
                heads = [named] if named is not None else []
            else:
                heads = [o for w, _, objects in p.prepositions(target) if w == slot for o in objects]
            actors = [k for h in heads for k in p.series(h) if roles.may_act(k)]
            if actors:
                break
        recipients: list[int] = []
        for slot in (*sense.slots, *(s.partition(":")[0] for s in slots)):
            heads = [o for w, _, objects in p.prepositions(target) if w == slot for o in objects]
            if verb is not None and not heads:
                heads = [o for w, _, objects in p.prepositions(verb) if w == slot for o in objects]
            if verb is not None and slot == "iobj":
                heads = roles.in_slot(verb, "iobj", None, None)
            found = [k for h in heads for k in p.series(h) if roles.may_act(k) and k not in actors]
            if not found:
                found = [
                    o for h in heads if p.pos[h] in NOMINAL and (o := roles.owner(h)) is not None and o not in actors
                ]
            if not found:
                found = [
                    h
                    for h in heads
                    if p.pos[h] in ("NOUN", "PROPN") and p.ent[h] not in ("DATE", "TIME") and h not in actors
                ][:1]
            if found:
                recipients = found
                break
        mode = self._noun_mode(target, sense)
        trigger = [i] if target == i else [i, target]
        return self._reading(i, sense.type, mode, trigger, actors, recipients, "recip" in sense.flags, {i, target}, 0.8)

    def _noun_mode(self, i: int, sense: NounSense) -> str | None:
        return sense.mode

    def read_free_noun(self, i: int) -> Reading | None:
        """A noun that states an event without a verb's help: "the killing of X", "Israel's strike on Y"."""
        p = self.p
        sense = self._noun_sense(i)
        if sense is None or "free" not in sense.flags or p.dep[i] in ("compound", "amod", "nmod"):
            return None
        verb = p.clause_of(i)
        if p.is_negated(verb) or any(
            a in FUTURE or a in MAYBE or a in DUTY or a == "would" for a in p.auxiliaries(verb)
        ):
            return None
        if self._is_conditional(verb):
            return None
        reading = self.read_noun(i, None, ())
        if reading is None or not (reading.actors or reading.recipients):
            return None
        if not any(self.roles.may_act(k) for k in (*reading.actors, *reading.recipients)):
            return None
        plural = p.tag[i] in ("NNS", "NNPS")
        definite = any(p.dep[k] in ("det", "poss") for k in p.kids[i])
        dated = any(p.ent[c] in ("DATE", "TIME") for k in p.kids[i] for c in (k, *p.kids[k]))
        if plural and not (definite or dated or reading.actors):
            return None
        if not plural and not (definite or dated or p.dep[i] in ("nsubj", "ROOT")):
            return None
        return reading._replace(weight=0.5, speaker=self._speaker(i)[0])
