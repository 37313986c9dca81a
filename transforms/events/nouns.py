"""Read the events that nouns state."""

from newsbeam.transforms.events.lexicon import NounSense
from newsbeam.transforms.events.modality import DUTY, FUTURE, MAYBE, Modality
from newsbeam.transforms.events.parse import NOMINAL
from newsbeam.transforms.events.reading import Reading

#: Works that show or tell an event of old.
_PORTRAYED = frozenset(
    "photograph photo picture painting film movie documentary drama play book novel poem story tale history memoir "
    "study exhibition museum memorial monument".split()
)


class Nouns(Modality):
    """Reads event nouns, under a verb or by themselves."""

    def read_noun(self, i: int, verb: int | None, slots: tuple[str, ...]) -> Reading | None:
        """The event of a noun; under a verb the verb's prepositions count as its own."""
        sense = self._noun_sense(i)
        if sense is None:
            return None
        p, roles = self.p, self.roles
        target = self._content(i)
        if sense.operator:
            return self._read_nested(i, sense, verb, slots)
        actors: list[int] = []
        for slot in sense.actor_slots:
            if slot == "poss":
                head = p.one(target, "poss")
                heads = [head] if head is not None else []
            elif slot == "comp":
                named = roles.named_before(target)
                if named is not None and sense.type == "ASSAULT" and self._is_scene(named):
                    named = None
                heads = [named] if named is not None else []
            else:
                heads = [o for w, _, objects in p.prepositions(target) if w == slot for o in objects]
                if not heads and slot == "by":  # "the rejection of the deal by Hamas", hung on the deal
                    inner = [o for w, _, objects in p.prepositions(target) if w == "of" for o in objects]
                    heads = [o for k in inner for w, _, objects in p.prepositions(k) if w == "by" for o in objects]
            actors = [k for h in heads for k in p.series(h) if roles.may_act(k)]
            if actors and "recip" in sense.flags:
                actors = [side for k in actors for side in roles.parties(k)]
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
                    o for h in heads if p.pos[h] in NOMINAL and (o := roles.aim(h)) is not None and o not in actors
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
        holder = p.one(target, "poss")
        if not actors and recipients and holder is not None and "poss" not in sense.actor_slots and verb is None:
            if p.is_named(holder) and roles.may_act(holder) and p.pos[holder] != "PRON" and holder not in recipients:
                actors = [holder]  # "China's detention of two Canadians"
        trigger = [i] if target == i else [i, target]
        if sense.type == "ASSAULT" and "recip" in sense.flags:  # "clashes between police and demonstrators"
            if any(p.lemma[k] in self.lexicon.classes["demonstrators"] for k in (*actors, *recipients)):
                return self._reading(i, "PROTEST", "riot", trigger, actors, recipients, True, {i, target}, 0.8)
        if sense.mode == "deport" and any(self._is_in(k, ("peacekeepers",)) for k in recipients):
            return self._reading(i, "SANCTION", "expel", trigger, actors, recipients, False, {i, target}, 0.8)
        return self._reading(
            i, sense.type, sense.mode, trigger, actors, recipients, "recip" in sense.flags, {i, target}, 0.8
        )

    def _is_scene(self, named: int) -> bool:
        """ "the Kabul bombing": a place name before an attack tells where, an abbreviated state who."""
        p = self.p
        return p.ent[named] == "LOC" or (
            p.ent[named] == "GPE" and p.tag[named] == "NNP" and not p.doc[named].text[:2].isupper()
        )

    def _read_nested(self, i: int, sense: NounSense, verb: int | None, slots: tuple[str, ...]) -> Reading | None:
        """ "the suspension of aid", "an end to the strike": a noun that changes the event of another."""
        for word, _, objects in self.p.prepositions(i):
            if word in ("of", "to", "on", "for", "in"):
                for k in objects:
                    if self._noun_sense(k) is not None and (inner := self.read_noun(k, verb, slots)) is not None:
                        type_ = self.lexicon.combine(sense.operator, inner.type)
                        if type_ is None:
                            return None
                        return inner._replace(
                            type=type_, mode=None, head=i, trigger=(i, *inner.trigger), consumed=inner.consumed | {i}
                        )
                    if sense.operator == "end" and self._is_in(k, ("ties", "bond")):
                        return self._severed(i, k, sense, verb)
        return None

    def _severed(self, i: int, tie: int, sense: NounSense, verb: int | None) -> Reading | None:
        """ "the suspension of air links with Chad": what binds two sides is no event, to cut it is."""
        p, roles = self.p, self.roles
        hosts = (tie, i) if verb is None else (tie, i, verb)
        heads = [
            o
            for host in hosts
            for w, _, objects in p.prepositions(host)
            if w in ("with", "to", "from")
            for o in objects
        ]
        recipients = [k for h in heads for k in p.series(h) if roles.may_act(k)]
        holder = p.one(i, "poss")
        by = [o for w, _, objects in p.prepositions(i) if w == "by" for o in objects]
        actors = [k for h in ([holder] if holder is not None else by) for k in p.series(h) if roles.may_act(k)]
        return self._reading(i, "SANCTION", None, [i, tie], actors, recipients, False, {i, tie}, 0.8)

    def _with_aim(self, i: int, reading: Reading) -> Reading:
        """ "Kosovo's refusal to free the Serbs": whom the infinitive behind a noun is about."""
        if reading.recipients:
            return reading
        for k in self.p.all(i, "acl", "xcomp"):
            if self._is_infinitive(k) and (inner := self._inner(k)) is not None:
                aims = [c for c in inner.recipients if c not in reading.actors]
                if aims:
                    return reading._replace(recipients=tuple(aims), consumed=reading.consumed | inner.consumed)
        return reading

    def _inner(self, k: int) -> Reading | None:
        return self.read(k, 1) if self.p.lemma[k] in self.lexicon.verbs else None

    def read_free_noun(self, i: int) -> Reading | None:
        """A noun that states an event without a verb's help: "the killing of X", "Israel's strike on Y"."""
        p = self.p
        sense = self._noun_sense(i)
        if sense is None or sense.flags.isdisjoint(("free", "both")) or p.dep[i] in ("compound", "amod", "nmod"):
            return None
        above = p.head[p.head[i]]
        if p.dep[i] == "pobj" and p.lower[p.head[i]] in ("of", "about") and p.lemma[above] in _PORTRAYED:
            return None  # "a film about the bombing of Dresden"
        verb = p.clause_of(i)
        if (
            p.is_negated(verb)
            or p.has_no(i)
            or any(a in FUTURE or a in MAYBE or a in DUTY or a == "would" for a in p.auxiliaries(verb))
        ):
            return None
        if self._is_conditional(verb):
            return None
        reading = self.read_noun(i, None, ())
        if reading is None or not (reading.actors or reading.recipients):
            return None
        if not any(self.roles.may_act(k) for k in (*reading.actors, *reading.recipients)):
            return None
        if "both" in sense.flags:
            reading = self._with_aim(i, reading)
            if not reading.actors or not any(self.roles.may_act(k) for k in reading.recipients):
                return None
        if "recip" in sense.flags and len({*reading.actors, *reading.recipients}) < 2:
            return None
        plural = p.tag[i] in ("NNS", "NNPS")
        definite = any(p.dep[k] in ("det", "poss") for k in p.kids[i])
        dated = any(p.ent[c] in ("DATE", "TIME") for k in p.kids[i] for c in (k, *p.kids[k]))
        if plural and not (definite or dated or reading.actors):
            return None
        if not plural and not (definite or dated or p.dep[i] in ("nsubj", "ROOT")):
            return None
        return reading._replace(weight=0.5, speaker=self._speaker(i)[0])
