"""Read the events of a parse: frames first, then the conventions of the field for operators and modal verbs."""

from newsbeam.transforms.events.lexicon import Lexicon, VerbSense
from newsbeam.transforms.events.modality import FUTURE
from newsbeam.transforms.events.operators import Operators
from newsbeam.transforms.events.outcomes import with_outcomes
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading

#: Types whose complement tells what is asked, refused or threatened: it is no event of its own.
_SAID = frozenset(("REQUEST", "REJECT", "THREATEN", "ACCUSE", "AGREE"))

#: Types that need somebody, or something of his, to do them.
_DEEDS = frozenset(("ASSAULT", "COERCE", "RETREAT"))
_HARMS = frozenset(("kill", "injure", "wound", "die", "perish", "lose"))
#: What violence is done with, and what force is exerted by.
_MEANS = ("violent", "weapon", "troops", "armed", "incident", "fire", "@any")
_RULES = ("restriction", "proposal", "agreement", "troops", "decision", "ruling", "move", "decree", "@any")

#: Modes in which troops and arms go somewhere: they, or whose they are, do it though others order it.
_MOVES = frozenset(("troops", "withdraw"))
_STATES = frozenset("back support ally call arm oppose know affiliate train equip hold link tie connect".split())


class Reader(Operators):
    """Reads one parsed document. `read_all` gives its events in the order of the text."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        """Take a parse; nothing is read yet."""
        super().__init__(parse, lexicon)
        self._memory: dict[int, Reading | None] = {}

    def read_all(self) -> list[Reading]:
        """All events, verbs before the nouns that they leave over."""
        p, found = self.p, []
        consumed: set[int] = set()
        verbs, nouns = self.lexicon.verbs, self.lexicon.nouns
        nominal = []
        for i, lemma in enumerate(p.lemma):
            if p.is_verb(i) and (lemma in verbs or p.one(i, "neg") is not None) and not self._is_state(i):
                if i not in consumed and i not in self._silent and not self._is_modifier(i):
                    reading = self.read(i)
                    consumed |= self._silent
                    if reading is not None:
                        found.append(reading)
                        consumed |= reading.consumed
            elif lemma in nouns and p.pos[i] in ("NOUN", "PROPN"):
                nominal.append(i)
            elif p.lower[i] in self.lexicon.adjectives and p.pos[i] in ("ADJ", "VERB"):
                adjectival = self.read_adjective(i)
                if adjectival is not None and i not in consumed:
                    found.append(adjectival)
                    consumed |= adjectival.consumed
        consumed |= self._silent
        for i in nominal:
            if i not in consumed:
                reading = self.read_free_noun(i)
                if reading is None:
                    continue
                clause = p.clause_of(i)
                same = next((k for k, r in enumerate(found) if r.type == reading.type and r.head == clause), None)
                if same is None:
                    found.append(reading)
                else:  # "in the attack on Friday all three were shot": one event, and the noun's words tell of it too
                    whole = found[same]
                    named = () if reading.is_reciprocal else reading.actors  # who of the two sides did it is not said
                    actors = whole.actors or tuple(k for k in named if k not in whole.recipients)
                    found[same] = whole._replace(consumed=whole.consumed | reading.consumed, actors=actors)
        told = {k for r in found for k in r.consumed if k != r.head}
        found = [r for r in found if r.realis != "hypothetical" or r.head not in told]  # "its refusal to cooperate"
        found = [r for r in found if r.realis != "hypothetical" or not self._is_content(r.head, found)]
        return with_outcomes(p, sorted(found, key=lambda r: (min(r.trigger), r.head)))

    def _is_content(self, i: int, found: list[Reading]) -> bool:
        """Whether an infinitive tells what something is that another event is about: "condemned the plan to shell"."""
        p, noun = self.p, self.p.head[i]
        if p.dep[i] not in ("acl", "advcl") or not self._is_infinitive(i) or p.pos[noun] != "NOUN":
            return False
        verb = p.head[p.head[noun]] if p.dep[noun] == "pobj" else p.head[noun]
        return any(noun in r.consumed or (p.dep[noun] in ("dobj", "pobj") and verb == r.head) for r in found)

    def _is_state(self, i: int) -> bool:
        """ "rebels backed by X", "a city called Y": a participle behind its noun that says what the noun is like."""
        p = self.p
        return p.dep[i] == "acl" and p.tag[i] == "VBN" and p.lemma[i] in _STATES

    def _is_modifier(self, i: int) -> bool:
        """A participle before its noun ("the occupied territories") states a quality."""
        return self.p.dep[i] in ("amod", "compound") and self.p.head[i] > i

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
            return self._flat_refusal(i) if depth == 0 else None
        passive = p.is_passive(i)
        grammatical = p.subject(i)
        subject, obj = (p.agent(i), None) if passive else (grammatical, p.object(i))
        if passive:
            obj = self._passive_object(i, grammatical)
            dobj = p.one(i, "dobj", "oprd")
            if dobj is not None and obj is not None and dobj != obj:  # "was granted asylum": the subject receives
                return self._first(i, senses, subject, dobj, obj, passive, depth)
        reading = self._first(i, senses, subject, obj, None, passive, depth)
        return self._flat_refusal(i) if reading is None and depth == 0 else reading

    def _behind_particle(self, i: int, particle: str) -> int | None:
        """The object of a particle that the parser took for a preposition: "handed over 30 vehicles"."""
        for word, _, objects in self.p.prepositions(i):
            if word == particle and word not in ("on", "to", "with", "for", "into", "from"):
                return objects[0] if objects else None
        for k in self.p.all(i, "prt"):
            if self.p.lower[k] == particle:
                return self.p.one(k, "pobj")
        return None

    def _flat_refusal(self, i: int) -> Reading | None:
        """ "He will not go to Moscow": whatever the verb says, it is refused."""
        p = self.p
        if p.pos[i] != "VERB" or p.is_passive(i) or not p.is_negated(i):
            return None
        speaker, is_reported = self._speaker(i)
        auxiliaries = p.auxiliaries(i)
        if not any(a in FUTURE or (a == "would" and is_reported) for a in auxiliaries):
            return None
        actors = self.roles.actors_at(p.subject(i))
        aim = self._aimed(i, actors) if actors else None
        if aim is None or not any(p.ent[k] in ("PERSON", "ORG", "GPE", "NORP") or p.is_named(k) for k in actors):
            return None
        reading = self._reading(i, "REJECT", None, [i], actors, [aim], False, {i}, 0.6)
        return reading._replace(realis="future", speaker=speaker)

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
        for sense in senses:
            if sense.particle is not None and sense.particle not in self._particles(i):
                continue
            stranded = None if obj is not None or sense.particle is None else self._behind_particle(i, sense.particle)
            obj = obj if obj is not None else stranded
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
        if subject is not None and not self._can_do(i, sense, subject, actors):
            return None
        recipients = self._recipients(i, sense.slots, subject, obj, noun, receiver, actors, sense.type)
        if sense.actor not in ("subj", "between") and (obj is not None or sense.slots == ("subj",)):
            heads = roles.in_slot(i, sense.actor, obj, None)
            if not heads and subject is not None:
                heads = roles.in_slot(subject, sense.actor, None, None)
            actors = [k for h in heads for k in roles.actors_at(h)]
            if not actors and sense.actor == "from" and subject is not None:  # "Turkish aid reached Gaza"
                actors = [k for k in [roles.owner(subject, outward=False)] if k is not None]
        if (
            not actors and sense.type == "AID" and passive and obj is not None and obj not in recipients
        ):  # "Chinese rice was given to Laos"
            actors = [k for k in [roles.owner(obj, outward=False)] if k is not None and k not in recipients]
        if (
            not actors
            and passive
            and obj is not None
            and sense.type in ("MOBILIZE", "RETREAT")
            and sense.mode in _MOVES
            and not {"will", "would", "to", "should"} & set(p.auxiliaries(i))
        ):
            actors = [k for k in roles.actors_at(obj) if k not in recipients]  # "Indian troops were deployed along …"
        if "alone" in sense.flags and (len(actors) > 1 or any(p.tag[k] == "NNS" for k in actors)):
            return None
        if "weak" in sense.flags and not (actors and any(roles.may_act(k) for k in recipients)):
            return None
        if sense.type == "PROTEST" and sense.lemma == "protest" and any(p.ent[k] == "GPE" for k in actors):
            return self._reading(i, "ACCUSE", "disapprove", trigger, actors, recipients, False, consumed, 0.9)
        if sense.lemma == "help" and sense.type == "AID" and actors and not p.auxiliaries(i):
            self._silence(i, None)  # "helped Mali train its police"
        if "eat" in sense.flags:
            self._swallow(i, {*actors, *recipients})
        elif sense.type in _SAID:
            self._silence(i, None)
            if sense.type == "REQUEST" and actors and any(roles.may_act(k) for k in recipients):
                for k in self.p.all(i, "advcl"):
                    if self._is_infinitive(k) and p.one(k, "mark", "advmod") is None:
                        self._silent.update(p.below(k))  # "called on Iran to free the prisoners"
        if not actors and not recipients:
            return None
        if sense.type == "ASSAULT" and sense.mode is None and self._is_riot(sense, subject, (*actors, *recipients)):
            return self._reading(i, "PROTEST", "riot", trigger, actors, recipients, True, consumed, 1.0)
        is_reciprocal = "recip" in sense.flags or ("mutual" in sense.flags and self._is_between(i, recipients))
        return self._reading(i, sense.type, sense.mode, trigger, actors, recipients, is_reciprocal, consumed, 1.0)

    def _is_between(self, i: int, recipients: list[int]) -> bool:
        """Whether the actors do it with the recipients, or with each other."""
        if self._is_with(i, recipients):
            return True
        if any(word == "between" and not set(found).isdisjoint(recipients) for word, _, found in self.p.phrases(i)):
            return True
        return not any(self.roles.may_act(k) for k in recipients)

    def _is_riot(self, sense: VerbSense, subject: int | None, sides: tuple[int, ...]) -> bool:
        """ "clashes erupted between police and protesters": fighting in which one side demonstrates."""
        cause = self._noun_sense(subject) if subject is not None else None
        if "recip" not in sense.flags and (cause is None or "recip" not in cause.flags):
            return False
        return any(self.p.lemma[k] in self.lexicon.classes["demonstrators"] for k in sides)

    def _can_do(self, i: int, sense: VerbSense, subject: int, actors: list[int]) -> bool:
        """Whether the subject can do such a deed: dogs, doubts, debts and storms attack, close and free no one so."""
        p = self.p
        if p.lemma[subject] in self.lexicon.classes["animal"] or p.lemma[subject] in self.lexicon.classes["accident"]:
            return False
        if actors or sense.type not in _DEEDS or p.pos[subject] not in ("NOUN", "VERB"):
            return True
        if not sense.flags.isdisjoint(("noact", "cause")) or sense.lemma in _HARMS or sense.slots == ("subj",):
            return True  # what the sentence says of the cause decides (relevance)
        if sense.type != "ASSAULT" and (p.head[subject] != i or not p.doc[subject].is_lower):
            return True  # controlled from afar, or some body's name
        return self._is_in(subject, _MEANS if sense.type == "ASSAULT" else _RULES)

    def read_adjective(self, i: int) -> Reading | None:
        """ "is willing to", "is ready to", "was critical of", "is under fire": copular predicates."""
        p = self.p
        sense = self.lexicon.adjectives.get(p.lower[i])
        copula = p.head[i]
        if sense is None or p.dep[i] not in ("acomp", "attr", "oprd", "amod", "conj", "advcl"):
            return None
        subject = p.subject(copula) if p.lemma[copula] in ("be", "remain", "become", "stay", "seem") else None
        if subject is None:
            return None
        actors = self.roles.actors_at(subject)
        if not actors:
            return None
        speaker = self._speaker(copula)[0]
        negated = p.is_negated(copula)
        if not sense.operator:
            recipients = self._recipients(i, sense.slots, subject, None, None, None, actors, sense.type)
            if negated or not any(self.roles.may_act(k) for k in recipients):
                return None
            reading = self._reading(i, sense.type, None, (i,), actors, recipients, False, {i, copula}, 0.8)
            return reading._replace(speaker=speaker)
        inner = self._behind_adjective(i)
        if inner is None:
            if sense.operator == "do" and speaker is not None and self.roles.may_act(speaker) and not negated:
                return self._reading(i, "ACCUSE", "disapprove", (i,), [speaker], actors, False, {i, copula}, 0.7)
            goal = next((o for w, _, objects in p.prepositions(i) if w == "to" for o in objects), None)
            if not sense.type or negated or goal is None:
                return None
            aim = self._aimed(goal, actors)
            recipients = [aim] if aim is not None else []
            reading = self._reading(i, sense.type, None, (i,), actors, recipients, False, {i, copula}, 0.6)
            return reading._replace(realis="future", speaker=speaker)
        operator = "refuse" if negated and sense.operator == "intend" else sense.operator
        type_ = self.lexicon.combine(operator, inner.type)
        if type_ is None or (negated and operator == "do"):
            return None
        recipients = [c for c in inner.recipients if c not in actors]
        trigger, consumed = (i, *inner.trigger), {i, copula, *inner.consumed}
        if operator == "do" and speaker is not None and self.roles.may_act(speaker):
            type_, actors, recipients = "ACCUSE", [speaker], actors  # "said the rebels were responsible for …"
        reading = self._reading(i, type_, None, trigger, actors, recipients, inner.is_reciprocal, consumed, 0.9)
        return reading._replace(realis="future" if operator == "intend" else "actual", speaker=speaker)

    def _behind_adjective(self, i: int) -> Reading | None:
        """The event of the infinitive, gerund or noun behind an adjective."""
        p = self.p
        for k in p.all(i, "xcomp", "ccomp", "advcl"):
            if (inner := self._read_below(k, 0)) is not None:
                return inner
        for word, _, objects in p.prepositions(i):
            if word in ("to", "of", "for"):
                for k in objects:
                    if p.dep[k] == "pcomp" and (inner := self._read_below(k, 0)) is not None:
                        return inner
                    if p.dep[k] == "pobj" and (inner := self.read_noun(k, None, ())) is not None:
                        return inner
        return None
