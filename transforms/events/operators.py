"""Operators: verbs that take their event from their complement and change its type by convention."""

from newsbeam.transforms.events.frames import CLAUSAL
from newsbeam.transforms.events.lexicon import VerbSense
from newsbeam.transforms.events.modality import UNREAL
from newsbeam.transforms.events.nouns import Nouns
from newsbeam.transforms.events.parse import NAMED, NOMINAL, UNNAMED
from newsbeam.transforms.events.reading import Reading

#: Types that need somebody to be done to.
_PERSONAL = frozenset(("REQUEST", "CONSULT", "THREATEN", "AGREE", "COOPERATE"))
#: Types in which what is the actor's own is not acted on as another's.
_OWN = frozenset(("RETREAT", "MOBILIZE"))
#: Types that answer what another has done, wants or has.
_ANSWERED = frozenset(("CONCEDE", "REJECT"))
#: Types that do away with what was done before.
_LIFTED = frozenset(("CONCEDE", "RETREAT", "SANCTION"))
#: Types whose recipient may be a thing that somebody has an attitude to.
_ATTITUDES = frozenset(("ACCUSE", "REJECT", "SUPPORT"))


#: What spokesmen decline to do, which refuses nobody anything.
_ANSWERS = frozenset(
    "comment say elaborate speak give discuss answer name identify confirm disclose reveal specify predict speculate "
    "provide be go respond".split()
)


class Operators(Nouns):
    """Reads operators; the verbs below them are read by `read`."""

    def _operate(
        self, i: int, sense: VerbSense, subject: int | None, obj: int | None, receiver: int | None, depth: int
    ) -> Reading | str | None:
        """The event of an operator: its complement's, changed by convention. "stop" = none, and look no further."""
        p = self.p
        if sense.operator in ("want", "ignore"):
            self._silence(i, obj if sense.operator == "ignore" else None)
            return "stop"
        if sense.operator == "fail" and p.dep[i] == "pcomp" and p.lower[p.head[i]] == "for":
            return "stop"  # "criticised them for failing to protect civilians": what they are blamed for
        if sense.operator == "report":
            return self._reported_duty(i, subject) or "stop"
        if "stmt" in sense.flags and any(p.lemma[k] in _ANSWERS for k in p.all(i, *CLAUSAL)):
            return "stop"
        if sense.operator == "happen":
            inner = self.read_noun(subject, i, sense.slots) if subject is not None else None
            if inner is None:
                return None
            return inner._replace(head=i, trigger=(*inner.trigger, i), consumed=inner.consumed | {i})
        inner = self._complement(i, sense, obj, depth)
        if inner is None:
            if sense.operator == "warn":
                is_warned = obj is not None and self.roles.may_act(obj)
                return self._default(i, "THREATEN", sense, subject, obj, receiver) if is_warned else "stop"
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
        if passive and not actors and sense.operator in ("do", "begin", "intend", "promise", "offer", "try", "end"):
            actors = list(inner.actors)
        own = [slot for slot in sense.slots if slot not in ("clause",)]
        recipients: list[int] = []
        if sense.operator in ("request", "allow", "order", "threaten", "warn", "intend", "promise", "offer", "refuse"):
            deep = sense.operator != "refuse"
            heads = [k for s in own for k in self.roles.in_slot(i, s.partition(":")[0], obj, None, is_deep=deep)]
            recipients = [k for h in heads if h not in actors for k in p.series(h) if self.roles.may_act(k)]
            if sense.operator == "refuse" and inner.head == obj and inner.actors:
                recipients = [k for k in inner.actors if k not in actors]  # who made the rejected demand
                self.roles.thing_of.update((k, obj) for k in recipients if obj is not None)
            if sense.operator in ("request", "allow", "order", "warn") and not recipients:
                recipients = [k for k in inner.actors if k not in actors]
        if not recipients:
            recipients = [k for k in inner.recipients if k not in actors]
        if not recipients:
            recipients = [k for k in inner.actors if k not in actors]
        if not any(self.roles.may_act(k) and p.ent[k] != "LOC" for k in recipients) and sense.operator in (
            "threaten",
            "refuse",
            "intend",
            "promise",
            "offer",
        ):
            recipients = self._conditioned(i, actors) or recipients
        if not recipients and set(sense.slots) == {"clause"}:
            place = self.roles.place_around(i)
            recipients = [place] if place is not None else []
        elif not recipients:
            recipients = self._recipients(i, sense.slots, subject, obj, None, receiver, actors, type_)
        if not actors and not recipients:
            return None
        consumed = {i, *inner.consumed}
        trigger = (i, *inner.trigger) if all(abs(i - k) < 12 for k in inner.trigger) else (i,)
        reciprocal = inner.is_reciprocal and sense.operator in ("do", "begin")
        if "recip" in sense.flags and self._is_with(i, recipients):
            reciprocal = True
        if "recip" in sense.flags and len(actors) > 1 and not any(self.roles.may_act(k) for k in recipients):
            reciprocal, recipients = True, []  # "Jordan and Britain have agreed to …"
        reading = self._reading(i, type_, mode, trigger, actors, recipients, reciprocal, consumed, 0.9 * inner.weight)
        if sense.operator not in ("intend", "offer", "threaten") or sense.type is not None:
            return reading  # to agree, to offer, to threaten is done in the saying
        return reading._replace(realis="future")

    def _default(
        self, i: int, type_: str, sense: VerbSense, subject: int | None, obj: int | None, receiver: int | None
    ) -> Reading | None:
        actors = self._actors(i, "subj", subject, obj)
        recipients = self._recipients(i, sense.slots, subject, obj, None, receiver, actors, type_)
        if not actors and not recipients:
            return None
        self._silence(i, None)
        is_reciprocal = "recip" in sense.flags and self._is_with(i, recipients)
        if "recip" in sense.flags and len(actors) > 1 and not is_reciprocal:
            is_reciprocal, recipients = True, []  # "Peru and Chile agreed that …"
        return self._reading(i, type_, sense.mode, [i], actors, recipients, is_reciprocal, {i}, 0.7)

    def _is_with(self, i: int, recipients: list[int]) -> bool:
        """Whether the recipients stand behind "with": they do it too."""
        return any(word == "with" and not set(objects).isdisjoint(recipients) for word, _, objects in self.p.phrases(i))

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
            mark = p.one(k, "mark", "advmod")
            if mark is not None and p.lower[mark] in UNREAL:
                continue
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
            and sense.operator in ("intend", "promise", "offer", "refuse", "request", "order", "threaten")
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

    def _recipients(
        self,
        i: int,
        slots: tuple[str, ...],
        subject: int | None,
        obj: int | None,
        noun: int | None,
        receiver: int | None,
        actors: list[int],
        type_: str,
    ) -> list[int]:
        """The first slot that holds somebody; else the owner of a thing in a slot; else the thing that is acted on."""
        p, roles = self.p, self.roles
        if receiver is not None and roles.may_act(receiver):
            return [k for k in p.series(receiver) if roles.may_act(k)]
        names = [slot.partition(":")[0] for slot in slots]
        is_own = obj is not None and type_ in _OWN and any(p.tag[k] == "PRP$" for k in p.all(obj, "poss"))
        if "obj" in names and obj is not None and roles.may_act(obj) and not is_own:
            return [k for k in p.series(obj) if roles.may_act(k)]
        if type_ in _ANSWERED and obj is not None and "obj" not in names[:1] and not roles.may_act(obj):
            holder = p.one(obj, "poss")  # "approved Peru's membership of the club"
            if holder is not None and p.ent[holder] in ("GPE", "NORP") and holder not in actors:
                roles.thing_of[holder] = obj
                return [holder]
        things: list[int] = []
        for is_deep in (False, True):
            for name in names:
                if name == "obj" and is_own:
                    continue
                if name == "subj":
                    heads = [subject] if subject is not None else []
                elif name == "clause":
                    heads = self._clause_people(i) if is_deep else []
                else:
                    heads = roles.in_slot(i, name, obj, noun, is_deep=is_deep)
                for head in heads:
                    if p.pos[head] not in NOMINAL or head in actors or p.tag[head] in ("WP", "WDT"):
                        continue
                    people = [k for k in p.series(head) if roles.may_act(k) and k not in actors]
                    if people:
                        return [roles.place_in(k) for k in people]
                    if type_ == "CONSULT" and self._noun_sense(head) is not None:
                        continue  # the summit is no party to itself
                    owner = roles.aim(head)
                    if owner is not None and owner not in actors:
                        return [self._held_by(owner, head) if type_ == "REQUEST" else owner]
                    if p.ent[head] not in UNNAMED and head != noun and self._noun_sense(head) is None and name != "in":
                        things.append(head)
            if is_deep:
                break
            if obj is not None and type_ in _LIFTED:  # "lifted the sanctions that it had imposed on Cuba"
                for clause in p.all(obj, "relcl", "acl"):
                    for word, _, objects in p.prepositions(clause):
                        if word in ("on", "against") and objects and roles.may_act(objects[0]):
                            return [k for k in p.series(objects[0]) if roles.may_act(k)]
            for host in (obj, noun):
                if host is not None and type_ not in ("AID", "MOBILIZE", "CONSULT"):
                    owner = roles.aim(host)
                    if owner is not None and owner not in actors and p.tag[owner] != "PRP$":
                        return [owner]
        is_bare = obj is not None and "obj" in names and p.ent[obj] not in UNNAMED
        if (
            obj is not None
            and is_bare
            and obj != noun
            and type_ in ("ASSAULT", "COERCE")
            and self._noun_sense(obj) is None
        ):
            return [obj]
        if type_ == "CONSULT" and "to" not in names and "in" not in names:
            return []  # a meeting place is no party
        place = roles.place_below(i, obj, noun)
        if place is None:
            place = roles.place_around(i)
        if place is None and (type_ in ("AID", "PROTEST") or "clause" in names):
            place = next((c for k in self._purposes(i) if (c := self._aimed(k, actors)) is not None), None)
        if place is not None and place not in actors:
            return [place]
        if type_ in _PERSONAL:
            return []
        if is_bare and obj is not None and (type_ in _ATTITUDES or (obj != noun and self._noun_sense(obj) is None)):
            return [obj]
        return things[:1]

    def _held_by(self, owner: int, thing: int) -> int:
        """Who can do what is asked for somebody: who holds him, or the country where he is; else himself."""
        p = self.p
        if p.pos[owner] != "NOUN" or p.ent[owner] in NAMED:
            return owner
        for k in p.all(owner, "acl"):
            agent = p.agent(k)
            if agent is not None and self.roles.may_act(agent):
                return agent
        place = self.roles.place_below(p.head[thing], thing, None)
        return owner if place is None else place

    def _purposes(self, i: int) -> list[int]:
        """Infinitives that tell what a deed is for, or what is agreed to."""
        p = self.p
        return [k for k in p.kids[i] if p.dep[k] in ("advcl", "xcomp", "ccomp") and self._is_infinitive(k)]

    def _aimed(self, k: int, actors: list[int]) -> int | None:
        """Whom an infinitive is about: its object, who is named below it, or a place there."""
        p, roles = self.p, self.roles
        obj = p.object(k)
        heads = [obj] if obj is not None else []
        heads += [o for word, _, objects in p.phrases(k) if word in ("of", "for", "to", "with") for o in objects]
        for head in heads:
            if p.pos[head] in NOMINAL and roles.may_act(head) and head not in actors:
                return roles.place_in(head)
        for head in heads:
            owner = roles.aim(head)
            if owner is not None and owner not in actors and p.tag[owner] != "PRP$":
                return owner
        return roles.place_below(k, obj, None)

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
        if owner is not None:
            return [owner]
        verb = p.head[subject]
        if p.dep[subject] == "dobj" and p.is_verb(verb) and p.head[i] == subject:  # "put out a report accusing …"
            return roles.actors_at(p.subject(verb))
        return []
