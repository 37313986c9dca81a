"""Decide which readings are worth a row: accidents, private life and talk between nobodies are left out."""

from collections.abc import Iterable

from newsbeam.transforms.actors.article import Actor
from newsbeam.transforms.events.lexicon import Lexicon
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: Types that state nothing without somebody who does it.
_NEED_ACTOR = frozenset(("SUPPORT", "REJECT", "AGREE", "REQUEST", "THREATEN", "COOPERATE", "CONSULT"))
#: Types in which private people count as much as states: violence, force and protest.
_OF_PEOPLE = frozenset(("ASSAULT", "COERCE", "PROTEST"))
#: Types that two sides make.
_NEED_BOTH = frozenset(("CONSULT", "SUPPORT", "COOPERATE", "AID"))
_ERAS = frozenset(("war", "conflict", "warfare", "cease-fire"))
_QUARREL = frozenset(("clash", "battle", "fight"))
_SELF = frozenset(("i", "we", "you", "me", "us", "one"))
_PUBLIC = frozenset(
    "military executive legislative election legal diplomatic human_rights terror repression refugee humanitarian "
    "intelligence labor nuclear territory".split()
)
_POWERS = frozenset(("GOV", "MIL", "REB", "COP", "IGO", "JUD", "LEG", "SPY", "OPP"))
_PRIVATE = frozenset((None, "CVL"))
#: Sectors whose own business is no public matter until somebody else has a part in it.
_TRADES = frozenset(("BUS", "HLH", "EDU", "AGR"))
#: Words for those who stand for others, though their country and office are not told.
_SIDES = frozenset(
    "leader leaders side sides delegation delegations negotiator negotiators delegates countries nations neighbours "
    "neighbors premiers statesmen".split()
)
_GUESSED = frozenset(("context", "place", None))
#: How a country was found where it stands in the name itself.
_NAMED = frozenset(("demonym", "gazetteer", "capital"))
#: Types that say of somebody what nobody says of private life: charged, fined, resigned.
_FORMAL = frozenset(("ACCUSE", "SANCTION", "RETREAT"))
_OWN_SELF = frozenset("himself herself itself themselves myself yourself ourselves oneself".split())
_SELF_HARM = frozenset("kill hang shoot injure wound hurt harm cut stab poison strangle suffocate".split())
#: Those who are spoken to, and no side of talks.
_LISTENERS = frozenset(
    "media press reporter journalist crowd audience supporter fan congregation viewer listener reader follower".split()
)
#: What tanks and factories do as well as bombs: no sign of an attack in itself.
_BLAST = frozenset(("explosion", "blast", "explode"))
#: Tokens of a text too short to tell its field by how often words of sport come, or who in it holds power.
_SHORT = 60
#: A text with fewer words of violence than one in so many tokens is about something else.
_TOKENS_A_BLOW = 400
#: Types between two sides.
_BETWEEN = frozenset(("CONSULT", "THREATEN", "COOPERATE", "AID"))
#: Those who are one's own: staff, people, family.
_OWN = frozenset(
    "staff team aide adviser advisor citizen people family wife husband son daughter mother father parent brother "
    "sister child friend partner boss editor colleague cabinet member employee worker troop soldier supporter fan "
    "lawyer doctor jailer teacher follower base".split()
)
_CALLS = frozenset("call phone telephone phone-call".split())
_AVOID = frozenset("avoid risk resist forgo eschew shun".split())
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
    if reading.type in _NEED_BOTH and not (reading.recipients or is_named or _is_many(parse, reading)):
        return False
    if not reading.actors and reading.type not in _OF_PEOPLE and not any(roles.may_act(k) for k in reading.recipients):
        return False
    if reading.type == "CONSULT" and any(parse.lemma[k] in lexicon.classes["visitor"] for k in reading.actors):
        return False
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
    if reading.type == "ASSAULT" and _is_self_harm(parse, reading):
        return False
    if reading.type == "CONSULT" and reading.recipients and all(_only_listens(parse, k) for k in reading.recipients):
        return False  # "spoke to reporters"
    if reading.type in _BETWEEN and _is_among_own(parse, reading):
        return False  # "spoke with her staff", "warned its citizens"
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


def is_sport(parse: Parse, lexicon: Lexicon) -> bool:
    """Whether the text reports sport, where attacks, strikes and defeats are games."""
    words = [lemma for lemma in parse.lemma if lemma in lexicon.classes["sport"]]
    if len(parse.lemma) <= _SHORT and not lexicon.classes["game"].isdisjoint(parse.lemma):
        return True  # a sentence or two: one word that no other field has must do
    return len(words) >= 5 and len(set(words)) >= 3 and 60 * len(words) > len(parse.lemma)


def is_whole(parse: Parse) -> bool:
    """Whether a text is long enough to tell who holds power in it."""
    return len(parse.lemma) > _SHORT


def is_calm(parse: Parse, lexicon: Lexicon) -> bool:
    """Whether a text hardly speaks of violence, so that what is hit, raided or hung in it is meant otherwise."""
    violent = lexicon.classes["violent"]
    return _TOKENS_A_BLOW * sum(lemma in violent for lemma in parse.lemma) < len(parse.lemma)


def is_official(people: Iterable[Actor]) -> bool:
    """Whether somebody in the event holds power: what counts in a text about sport."""
    return any(who.sector in _POWERS for who in people)


def _is_many(parse: Parse, reading: Reading) -> bool:
    """Whether the actors are more than one side: "the two leaders met"."""
    return len(reading.actors) > 1 or any(parse.tag[k] in ("NNS", "NNPS") for k in reading.actors)


def _is_self_harm(parse: Parse, reading: Reading) -> bool:
    """Whether a deed is done by somebody to himself: "shot himself", no attack."""
    if parse.lemma[reading.head] not in _SELF_HARM:
        return False  # who blows himself up may kill others
    return bool(reading.recipients) and all(parse.lower[k] in _OWN_SELF for k in reading.recipients)


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
    if parse.dep[head] == "pcomp" and parse.lower[above] in ("for", "of"):
        return parse.lemma[parse.head[above]] in _SCHEMES
    return False


def _only_listens(parse: Parse, k: int) -> bool:
    return parse.pos[k] == "NOUN" and (parse.lemma[k] in _LISTENERS or parse.lower[k] in _LISTENERS)


def _is_self(parse: Parse, k: int) -> bool:
    return parse.pos[k] == "PRON" and parse.lower[k] in _SELF


def is_public(
    reading: Reading, people: Iterable[Actor], contexts: Iterable[str], *, is_whole: bool = False, is_calm: bool = False
) -> bool:
    """Whether anybody in the event stands for more than himself, or public matters are spoken of.

    A whole article (`is_whole`) tells who holds power; there firms, papers and people whom nobody sent need a public
    matter, and in one that `is_calm` they do not attack. A sentence or two may leave it open.
    """
    people = list(people)
    if reading.type in _OF_PEOPLE:
        return not (is_whole and is_calm and reading.type == "ASSAULT") or any(_has_power(who) for who in people)
    matters = not _PUBLIC.isdisjoint(contexts)
    if is_whole and not any(_has_power(who) for who in people):
        return reading.type in _FORMAL or (matters and any(_has_standing(who) for who in people))
    if matters:
        return True
    if people and people[0].sector in _TRADES and all(_is_nameless(who) for who in people):
        return any(who.sector not in _PRIVATE | _TRADES for who in people)
    return any(_has_power(who) or _has_standing(who) for who in people)


def _has_power(who: Actor) -> bool:
    """Whether somebody holds power, is a country or speaks for others."""
    if who.sector in _POWERS or who.sector == "ELI" or not _SIDES.isdisjoint(who.name.lower().split()):
        return True
    return who.country is not None and (who.kind == "country" or (who.sector is None and who.method in _NAMED))


def _has_standing(who: Actor) -> bool:
    """Whether somebody is more than a private person: a body, somebody in a trade or office, one of a known country."""
    return (
        who.sector not in _PRIVATE
        or who.kind in ("country", "organisation")
        or (who.country is not None and who.method not in _GUESSED)
    )


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


def _is_nameless(who: Actor) -> bool:
    """Whether somebody is told by common nouns alone: "analysts", "the bank"."""
    return who.method in ("title", "context", None) and who.name == who.name.lower()
