"""Speakers, modal verbs and conditions: what they make of an event."""

from newsbeam.transforms.events.frames import Frames
from newsbeam.transforms.events.reading import Reading

FUTURE = frozenset(("will", "'ll", "’ll", "shall", "wo", "wo'", "sha"))
DUTY = frozenset(("must", "should", "ought"))
MAYBE = frozenset(("may", "might", "could", "can", "ca"))
#: Verbs after which "must" tells what is likely, not what is asked.
_STATES = frozenset("be have feel know mean exist face seem like love hate".split())
#: Verbs whose clause tells what is to be done where its verb is in the subjunctive.
_PROPOSE = frozenset("suggest recommend insist propose advise".split())
UNREAL = frozenset(("if", "unless", "whether"))
SPEECH = frozenset(
    "say tell state report announce declare claim add confirm reveal disclose note explain warn vow insist stress "
    "argue maintain assert believe think signal indicate hint reiterate emphasize emphasise tweet write pledge promise "
    "swear".split()
)


class Modality(Frames):
    """Applies the conventions of modality to readings."""

    def _modal(self, i: int, reading: Reading) -> Reading | None:
        """Apply the auxiliaries and negation of the verb that carries the event."""
        p = self.p
        auxiliaries = p.auxiliaries(i)
        negated = p.is_negated(i)
        of_none = p.is_of_none(i)
        speaker, reported = self._speaker(i)
        reading = reading._replace(speaker=speaker)
        future = any(a in FUTURE for a in auxiliaries) or ("would" in auxiliaries and reported)
        if p.dep[i] == "xcomp" and p.lemma[p.head[i]] == "go" and p.tag[p.head[i]] == "VBG":
            future = True
        if self._is_to(i):
            future = True
        if future:
            type_ = self.lexicon.combine("refuse" if negated else "intend", reading.type)
            if type_ is None:
                return None
            if type_ in ("REJECT", "THREATEN") and not reading.recipients:
                reading = reading._replace(recipients=tuple(self._conditioned(i, list(reading.actors))))
            if type_ != reading.type and not any(p.dep[k] == "conj" for k in reading.recipients):
                reading = reading._replace(is_reciprocal=False)  # "will meet": the intention is one side's
            return reading._replace(
                type=type_,
                realis="future",
                is_negated=of_none,
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
        if self._is_purpose(i):
            above = p.head[i]
            outlook = p.auxiliaries(above)
            if any(a in FUTURE for a in outlook) or p.lemma[above] in ("set", "schedule", "plan"):
                type_ = self.lexicon.combine("intend", reading.type)
                return (
                    reading._replace(
                        type=type_,
                        mode=None,
                        realis="future",
                        weight=reading.weight * 0.6,
                        is_reciprocal=False,
                        is_negated=of_none,
                    )
                    if type_
                    else None
                )
            main = self.read(above) if p.lemma[above] in self.lexicon.verbs else None
            if main is not None and main.type == reading.type:
                return None  # "met him to discuss …" is one meeting
            gathers = reading.type == "PROTEST" and p.dep[i] in ("advcl", "xcomp") and not p.is_negated(above)
            if not gathers and (reading.type not in ("CONSULT", "COERCE", "ASSAULT") or p.dep[i] in ("acl", "relcl")):
                return reading._replace(realis="hypothetical", weight=reading.weight * 0.5)
        if "would" in auxiliaries or any(a in MAYBE for a in auxiliaries) or self._is_conditional(i):
            return reading._replace(realis="hypothetical", is_negated=negated or of_none, weight=reading.weight * 0.4)
        if negated and reading.type in ("CONCEDE", "AGREE", "SUPPORT") and reading.actors:
            return reading._replace(type="REJECT", mode=None, weight=reading.weight * 0.8)
        return reading._replace(is_negated=negated or of_none)

    def _is_to(self, i: int) -> bool:
        """ "The ministers are to meet", "Qatar to lend Oman money": what is arranged."""
        p, above = self.p, self.p.head[i]
        if p.dep[i] == "ROOT" and p.tag[i] == "VB" and p.lower[i - 1] == "to":
            return p.one(i, "nsubj", "nsubjpass") is not None
        return (
            p.dep[i] == "xcomp"
            and p.lemma[above] == "be"
            and p.tag[above] in ("VBP", "VBZ")
            and p.one(above, "attr", "acomp", "expl") is None
            and p.lower[i - 1] == "to"
        )

    def _conditioned(self, i: int, actors: list[int]) -> list[int]:
        """Who has it in hand: the subject of "if" or "unless" below a threat or refusal."""
        p = self.p
        for k in p.below(i):
            if (
                p.dep[k] == "advcl"
                and (mark := p.one(k, "mark")) is not None
                and p.lower[mark] in ("if", "unless", "until")
            ):
                subject = p.one(k, "nsubj", "nsubjpass")
                if (
                    subject is not None
                    and self.roles.may_act(subject)
                    and p.pos[subject] != "PRON"
                    and subject not in actors
                ):
                    return [subject]
        return []

    def _is_purpose(self, i: int) -> bool:
        """Whether the verb is an infinitive below another verb: it tells what was meant, not what was done."""
        p = self.p
        return p.dep[i] in ("advcl", "xcomp", "acl", "relcl") and any(
            p.dep[k] == "aux" and p.lower[k] == "to" for k in p.kids[i]
        )

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

    def _reported_duty(self, i: int, speaker: int | None) -> Reading | None:
        """ "X said that Y must …" asks something of Y."""
        p = self.p
        for k in p.all(i, "ccomp"):
            if speaker is not None and (charge := self._reported_insult(k, speaker)) is not None:
                return charge
            auxiliaries = p.auxiliaries(k)
            duty = any(a in DUTY for a in auxiliaries) or (
                p.lemma[k] == "need" and (p.one(k, "xcomp") is not None or p.is_passive(k))
            )
            if p.lemma[i] in _PROPOSE and p.tag[k] == "VB" and not auxiliaries and speaker is not None:
                duty = duty or self.roles.may_act(speaker)  # "suggested that Oman hold talks"
            ready = p.one(k, "acomp")
            is_ready = ready is not None and p.lower[ready] in self.lexicon.adjectives
            is_state = p.lemma[k] in _STATES and not p.is_passive(k) and not is_ready
            if not duty or speaker is None or is_state:
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
            if not people and not (p.lemma[k] == "need" and p.is_passive(k)):  # "said money was needed" asks nobody
                place = self.roles.place_below(k, p.object(k), None)
                people = [place] if place is not None else [subject] if p.pos[subject] == "NOUN" else []
            if people:
                self._silent.update(p.below(k))
                aux = [c for c in p.kids[k] if p.dep[c] == "aux"]
                return self._reading(k, "REQUEST", None, [*aux[:1], k], actors, people, False, {i, k}, 0.8)
        return None

    def _reported_insult(self, k: int, speaker: int) -> Reading | None:
        """ "X said Y was a liar" accuses Y."""
        p = self.p
        if p.lemma[k] != "be" or p.is_negated(k) or p.auxiliaries(k):
            return None
        said = next((c for c in p.all(k, "attr", "acomp") if self._is_in(c, ("insult",))), None)
        if said is None:  # "said that Moscow was behind the attack"
            behind = [(c, objects) for word, c, objects in p.prepositions(k) if word == "behind"]
            said = next(
                (c for c, objects in behind if any(self._is_in(o, ("@ASSAULT", "blame")) for o in objects)), None
            )
        subject = p.one(k, "nsubj")
        if said is None or subject is None or p.has_no(said):
            return None
        people = [c for c in p.series(subject) if self.roles.may_act(c) and p.pos[c] != "PRON"]
        if not people and (owner := self.roles.owner(subject)) is not None:
            people = [owner]
        actors = self.roles.actors_at(speaker)
        if not actors or not people:
            return None
        self._silent.update(p.below(k))
        return self._reading(k, "ACCUSE", "disapprove", [said], actors, people, False, {k, said}, 0.8)
