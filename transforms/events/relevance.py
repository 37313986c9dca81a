"""Decide by their words which readings are events: accidents, what is only meant and talk to oneself are none."""

from collections.abc import Iterable

from newsbeam.transforms.events.lexicon import Lexicon
from newsbeam.transforms.events.modality import SPEECH
from newsbeam.transforms.events.parse import SUBJECTS, Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: Types that state nothing without somebody who does it.
_NEED_ACTOR = frozenset(("SUPPORT", "REJECT", "AGREE", "REQUEST", "THREATEN", "COOPERATE", "CONSULT"))
#: Types in which private people count as much as states: violence, force and protest.
_OF_PEOPLE = frozenset(("ASSAULT", "COERCE", "PROTEST"))
#: Types that two sides make.
NEED_BOTH = frozenset(("CONSULT", "SUPPORT", "COOPERATE", "AID"))
_ERAS = frozenset(("war", "conflict", "warfare", "cease-fire"))
_QUARREL = frozenset(("clash", "battle", "fight"))
_SELF = frozenset(("i", "we", "you", "me", "us", "one"))
_OWN_SELF = frozenset("himself herself itself themselves myself yourself ourselves oneself".split())
_WORK = frozenset(
    "work operation activity service business production flight programme program mission campaign".split()
)
_ILLS = frozenset("disease infection pandemic epidemic fire damage loss error mistake".split())
_NEWS = frozenset(
    "identity name detail age photo photograph picture image mugshot sketch video footage recording tape audio report "
    "statement description condition cause result finding autopsy list data figure number "
    "information transcript".split()
)
_ACCIDENTAL = frozenset("accidental accidentally unintentional unintentionally".split())
_SELF_HARM = frozenset("kill hang shoot injure wound hurt harm cut stab poison strangle suffocate".split())
#: Those who are spoken to, and no side of talks.
_LISTENERS = frozenset(
    "media press reporter journalist crowd audience supporter fan congregation viewer listener reader follower".split()
)
#: What tanks and factories do as well as bombs: no sign of an attack in itself.
_BLAST = frozenset(("explosion", "blast", "explode"))
#: Types between two sides.
_BETWEEN = frozenset(("CONSULT", "THREATEN", "COOPERATE", "AID"))
#: Those who are one's own: staff, people, family.
_OWN = frozenset(
    "staff team aide adviser advisor citizen people family wife husband son daughter mother father parent brother "
    "sister child friend partner boss editor colleague cabinet member employee worker troop soldier supporter fan "
    "lawyer lawmaker doctor jailer teacher follower base customer client user student patient".split()
)
_TRAVEL = frozenset("visit tour travel go come fly".split())
_CALLS = frozenset("call phone telephone phone-call".split())
_AVOID = frozenset("avoid risk resist forgo eschew shun".split())
_KEEP = frozenset("block stop prevent bar prohibit discourage dissuade deter keep ban refrain stem restrain".split())
_SCHEMES = frozenset("strategy plan idea scheme method option way means chance hope possibility prospect".split())
#: Prepositions and conjunctions before what did harm.
_IN_WHAT = frozenset(("in", "by", "from", "during"))
_AS_WHAT = frozenset(("when", "after", "as"))
_HARM = frozenset(("leave", "claim", "kill", "injure", "wound", "hurt", "die", "maim", "slay"))


def is_stated(roles: Roles, lexicon: Lexicon, reading: Reading) -> bool:
    """Whether a reading says enough to be an event, by its words alone."""
    parse = roles.p
    if any(_is_self(parse, k) for k in reading.actors):
        return False
    if not reading.actors and reading.type in _NEED_ACTOR:
        return False
    if reading.recipients and all(_is_self(parse, k) for k in reading.recipients):
        return False
    is_named = reading.type == "CONSULT" and len(reading.trigger) > 1  # "held several meetings"
    if reading.type in NEED_BOTH and not (reading.recipients or is_named or _is_many(parse, reading)):
        return False
    if not reading.actors and reading.type not in _OF_PEOPLE and not any(roles.may_act(k) for k in reading.recipients):
        return False
    if reading.type == "CONSULT" and any(parse.lemma[k] in lexicon.classes["visitor"] for k in reading.actors):
        return False
    if reading.type == "CONSULT" and parse.lemma[reading.head] in _TRAVEL and _is_habit(parse, reading.head):
        return False  # "Americans who visit Cuba"
    if not (reading.actors or reading.recipients) and any(parse.lemma[k] in _ERAS for k in reading.trigger):
        return False  # "the war began in 1991"
    if parse.lemma[reading.head] in _QUARREL and any(
        parse.ent[k] == "PERSON" for k in (*reading.actors, *reading.recipients)
    ):
        return False  # politicians clash in words
    if reading.realis == "hypothetical":
        is_aimed = any(roles.may_act(k) for k in reading.recipients)
        if not (reading.actors and is_aimed) or reading.type in ("SUPPORT", "AID"):
            return False
    if _is_self_harm(parse, reading) or _is_command(parse, reading.head):
        return False
    if reading.type == "ASSAULT" and _is_accidental(parse, reading):
        return False
    if reading.type == "COERCE" and (_is_own_work(parse, reading) or _is_of_nature(parse, lexicon, reading)):
        return False  # "suspended its operations", "prevent the disease from spreading"
    if reading.mode == "release" and _is_issued(roles, reading):
        return False  # "the suspect's name was released", "treated and released"
    if reading.is_negated and parse.dep[reading.head] in ("acl", "relcl"):
        return False  # "parts of the country not controlled by the army"
    if reading.type == "CONSULT" and reading.recipients and all(_only_listens(parse, k) for k in reading.recipients):
        return False  # "spoke to reporters"
    if reading.type in _BETWEEN and _is_among_own(parse, reading):
        return False  # "spoke with her staff", "warned its citizens"
    if reading.type == "CONSULT" and _is_remark(parse, reading.head):
        return False  # "speaking to the club, he said"
    is_call = reading.type == "CONSULT" and any(parse.lemma[k] in _CALLS for k in reading.trigger)
    if is_call and not all(_has_side(roles, side) for side in (reading.actors, reading.recipients)):
        return False  # "received a call about a fire"
    if _is_only_meant(parse, reading):
        return False
    if reading.mode == "beat" and any(parse.is_named(k) for k in reading.recipients):
        return False  # who beats a named rival has won
    if reading.type == "ASSAULT" and not reading.actors and parse.lemma[reading.head] in _HARM:
        return _is_violent(parse, lexicon, reading)
    if reading.type == "ASSAULT" and not reading.actors and any(parse.lemma[k] in _BLAST for k in reading.trigger):
        return _is_violent(parse, lexicon, reading)
    return True


def _is_many(parse: Parse, reading: Reading) -> bool:
    """Whether the actors are more than one side: "the two leaders met"."""
    return len(reading.actors) > 1 or any(parse.tag[k] in ("NNS", "NNPS") for k in reading.actors)


def _is_self_harm(parse: Parse, reading: Reading) -> bool:
    """Whether a deed is done by somebody to himself: "shot himself", "restrict yourself"."""
    if reading.type == "ASSAULT" and parse.lemma[reading.head] not in _SELF_HARM:
        return False  # who blows himself up may kill others
    return bool(reading.recipients) and all(parse.lower[k] in _OWN_SELF for k in reading.recipients)


def _is_command(parse: Parse, head: int) -> bool:
    """Whether a verb is an imperative: "don't pick it up"."""
    if parse.tag[head] != "VB" or parse.dep[head] != "ROOT" or parse.one(head, *SUBJECTS) is not None:
        return False
    return all(parse.lemma[k] == "do" for k in parse.all(head, "aux"))


def _is_own_work(parse: Parse, reading: Reading) -> bool:
    """Whether somebody stops or bars what he does himself."""
    things = [k for verb in reading.trigger for k in (verb, *parse.all(verb, "dobj")) if parse.lemma[k] in _WORK]
    return any(parse.dep[c] == "poss" and parse.tag[c] == "PRP$" for k in things for c in parse.kids[k])


def _is_of_nature(parse: Parse, lexicon: Lexicon, reading: Reading) -> bool:
    """Whether what is kept down is a fire, a flood or a disease."""
    return bool(reading.recipients) and all(
        parse.lemma[k] in lexicon.classes["accident"] or parse.lemma[k] in _ILLS for k in reading.recipients
    )


def _is_issued(roles: Roles, reading: Reading) -> bool:
    """Whether what is released is told to the public or sent home from a hospital, and nobody is set free."""
    p, head = roles.p, reading.head
    things = [roles.thing_of[k] for k in reading.recipients if k in roles.thing_of]
    if things and len(things) == len(reading.recipients):
        return all(p.lemma[k] in _NEWS for k in things)
    beside = (p.head[head] if p.dep[head] == "conj" else head, *p.all(head, "conj"))
    return any(p.lemma[k] in ("treat", "hospitalize", "hospitalise") for k in beside)


def _is_accidental(parse: Parse, reading: Reading) -> bool:
    return any(parse.lemma[c] in _ACCIDENTAL for k in reading.trigger for c in parse.kids[k])


def _is_habit(parse: Parse, head: int) -> bool:
    """Whether a relative clause tells what is done again and again: in the present, of whoever does it."""
    helped = any(parse.dep[k] in ("aux", "auxpass") for k in parse.kids[head])
    return parse.dep[head] == "relcl" and parse.tag[head] in ("VBP", "VBZ") and not helped


def _is_remark(parse: Parse, head: int) -> bool:
    """Whether a participle of speaking only tells to whom something was said."""
    above = parse.head[head]
    if parse.tag[head] != "VBG" or parse.lemma[head] not in ("speak", "talk") or above == head:
        return False
    return parse.dep[head] in ("advcl", "csubj", "nsubj", "ccomp", "dep") and parse.lemma[above] in SPEECH


def _is_among_own(parse: Parse, reading: Reading) -> bool:
    """Whether all who are dealt with belong to whom "his", "their" or "my" means: they are no other side."""
    return bool(reading.recipients) and all(
        parse.lemma[k] in _OWN and any(parse.dep[c] == "poss" and parse.tag[c] == "PRP$" for c in parse.kids[k])
        for k in reading.recipients
    )


def _has_side(roles: Roles, people: Iterable[int]) -> bool:
    return any((roles.may_act(k) or roles.p.pos[k] == "PRON") and k not in roles.thing_of for k in people)


def _is_only_meant(parse: Parse, reading: Reading) -> bool:
    """Whether a deed is what is avoided, or what a plan is for: "a strategy for ending the protests"."""
    head = reading.head
    above = parse.head[head]
    if parse.dep[head] in ("xcomp", "ccomp") and parse.lemma[above] in _AVOID:
        return True
    if parse.dep[head] != "pcomp":
        return False
    if parse.lower[above] == "from":  # "barred from contesting the vote"
        return parse.lemma[parse.head[above]] in _KEEP
    if parse.lower[above] == "about":  # "chanted about stopping the war"
        return True
    return parse.lower[above] in ("for", "of") and parse.lemma[parse.head[above]] in _SCHEMES


def _only_listens(parse: Parse, k: int) -> bool:
    return parse.pos[k] == "NOUN" and (parse.lemma[k] in _LISTENERS or parse.lower[k] in _LISTENERS)


def _is_self(parse: Parse, k: int) -> bool:
    return parse.pos[k] == "PRON" and parse.lower[k] in _SELF


def _is_violent(parse: Parse, lexicon: Lexicon, reading: Reading) -> bool:
    """Whether harm without a culprit was done on purpose: by the words of its sentence, else of the whole text."""
    sentence = parse.doc[reading.head].sent
    words = parse.lemma[sentence.start : sentence.end]
    violent, accident = lexicon.classes["violent"] - _BLAST, lexicon.classes["accident"]
    causes = _causes(parse, reading.head)
    if not accident.isdisjoint(causes) and violent.isdisjoint(causes):
        return False  # "protesters recalled the crash that killed 15 people"
    if any(word in violent for word in words):
        return True
    if any(word in accident for word in words):
        return False
    if parse.is_violent is None:  # asked for each victim of a text
        around = parse.lemma
        parse.is_violent = sum(word in violent for word in around) > sum(word in accident for word in around)
    return parse.is_violent


def _causes(parse: Parse, head: int) -> set[str]:
    """The words for what did harm: subject, "killed in a crash", "when a truck overturned", "collided, killing"."""
    subject = parse.agent(head) if parse.is_passive(head) else parse.subject(head)
    found = [] if subject is None else [subject]
    found += [k for word, _, objects in parse.prepositions(head) if word in _IN_WHAT for k in objects]
    for k in parse.all(head, "advcl"):
        if any(parse.lower[c] in _AS_WHAT for c in parse.kids[k]):
            found += [k, *parse.all(k, "nsubj", "nsubjpass", "dobj")]
    above = parse.head[head]
    if parse.dep[head] == "advcl" and parse.tag[head] == "VBG" and parse.is_verb(above):
        found += [above, *parse.all(above, "nsubj", "nsubjpass")]
    return {parse.lemma[c] for k in found for c in (k, *parse.all(k, "compound", "amod", "nmod"))}
