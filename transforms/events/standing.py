"""Decide by who takes part which events are worth a row: private life and the business of firms are left out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from newsbeam.transforms.actors.article import Actor
from newsbeam.transforms.events.lexicon import Lexicon
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading

#: Types in which private people count as much as states: violence, force and protest.
_OF_PEOPLE = frozenset(("ASSAULT", "COERCE", "PROTEST"))
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
#: Those who attack with words, and those who are attacked with arms.
_SPEAKERS = frozenset(("GOV", "LEG", "ELI", "OPP", "BUS", "MED", "JUD"))
_FORCES = frozenset(("MIL", "REB", "COP", "SPY"))
#: Types that say of somebody what nobody says of private life: charged, fined, resigned.
_FORMAL = frozenset(("ACCUSE", "SANCTION", "RETREAT"))
#: Tokens of a text too short to tell its field by how often words of sport come, or who in it holds power.
_SHORT = 60
#: A text with fewer words of violence than one in so many tokens is about something else.
_TOKENS_A_BLOW = 400


class Field(NamedTuple):
    """What a text is about, as far as it decides who counts in it."""

    is_sport: bool
    is_whole: bool
    is_calm: bool


def field_of(parse: Parse, lexicon: Lexicon) -> Field:
    """What a text is about."""
    return Field(is_sport(parse, lexicon), len(parse.lemma) > _SHORT, _is_calm(parse, lexicon))


def is_sport(parse: Parse, lexicon: Lexicon) -> bool:
    """Whether the text reports sport, where attacks, strikes and defeats are games."""
    words = [lemma for lemma in parse.lemma if lemma in lexicon.classes["sport"]]
    if len(parse.lemma) <= _SHORT and not lexicon.classes["game"].isdisjoint(parse.lemma):
        return True  # a sentence or two: one word that no other field has must do
    return len(words) >= 5 and len(set(words)) >= 3 and 60 * len(words) > len(parse.lemma)


def _is_calm(parse: Parse, lexicon: Lexicon) -> bool:
    """Whether a text hardly speaks of violence, so that what is hit, raided or hung in it is meant otherwise."""
    violent = lexicon.classes["violent"]
    return _TOKENS_A_BLOW * sum(lemma in violent for lemma in parse.lemma) < len(parse.lemma)


def is_public(
    field: Field, reading: Reading, actors: Sequence[Actor], recipients: Sequence[Actor], contexts: Iterable[str]
) -> bool:
    """Whether anybody in the event stands for more than himself, or public matters are spoken of.

    A whole article tells who holds power; there firms, papers and people whom nobody sent need a public matter, and
    only a power grants something. A sentence or two may leave it open.
    """
    people = [*actors, *recipients]
    has_power = any(_has_power(who) for who in people)
    if field.is_sport and not any(who.sector in _POWERS for who in people):
        return False
    if reading.type in _OF_PEOPLE:
        return has_power or not (field.is_whole and field.is_calm and reading.type == "ASSAULT")
    matters = not _PUBLIC.isdisjoint(contexts)
    if field.is_whole and not _is_weighty(reading, actors, recipients):
        return False
    if field.is_whole and not has_power:
        return reading.type in _FORMAL or (matters and any(_has_standing(who) for who in people))
    if matters:
        return True
    if people and people[0].sector in _TRADES and all(_is_nameless(who) for who in people):
        return any(who.sector not in _PRIVATE | _TRADES for who in people)
    return has_power or any(_has_standing(who) for who in people)


def _is_weighty(reading: Reading, actors: Sequence[Actor], recipients: Sequence[Actor]) -> bool:
    """Whether an event has the sides that one of its type needs, where the whole article could have told them."""
    if reading.type == "CONCEDE":
        return any(_has_power(who) for who in actors)  # not "rules allow", "has access"
    if reading.type == "ACCUSE" and reading.mode not in ("legal", "investigate"):
        is_aimed = not actors or any(who.kind is not None or _has_power(who) for who in recipients)
        return bool(recipients) and (is_aimed or any(_has_power(who) for who in actors))
    if reading.type == "CONSULT" and any(
        side and all(who.sector == "MED" for who in side) for side in (actors, recipients)
    ):
        return False  # an interview
    if reading.type == "CONSULT" and reading.mode in ("visit", "phone") and actors and recipients:
        return all(any(_has_standing(who) for who in side) for side in (actors, recipients))
    if reading.type == "MOBILIZE":
        return any(who.sector != "COP" for who in actors) or any(_has_power(who) for who in recipients)
    return True


def is_with_self(reading: Reading, actors: Sequence[Actor], recipients: Sequence[Actor]) -> bool:
    """Whether a named one has nobody but himself on the other side, as where a pronoun is read wrongly."""
    if reading.type in _OF_PEOPLE or len(actors) != 1 or len(recipients) != 1:
        return False
    (one,), (other,) = actors, recipients
    is_same = one.name == other.name or (one.country == other.country and one.name.startswith(f"{other.name} "))
    return is_same and one.kind in ("person", "organisation", "country")


def is_of_own_force(reading: Reading, actors: Sequence[Actor], recipients: Sequence[Actor]) -> bool:
    """Whether a state moves or builds up an army of its own: "withdrew Chadian troops", "will strengthen its navy"."""
    if reading.type not in ("MOBILIZE", "RETREAT", "THREATEN") or not actors or not recipients:
        return False
    if reading.type == "THREATEN" and (reading.realis != "future" or reading.mode is not None):
        return False
    if reading.type == "RETREAT" and reading.mode != "withdraw":
        return False
    country = actors[0].country
    return country is not None and all(who.sector == "MIL" and who.country == country for who in recipients)


def is_in_words(reading: Reading, actors: Sequence[Actor], recipients: Sequence[Actor]) -> bool:
    """Whether an attack is one in words: a politician's on nobody, or on others than armies and countries."""
    if reading.type != "ASSAULT" or reading.mode is not None or reading.is_reciprocal or len(actors) != 1:
        return False
    if actors[0].kind != "person" or actors[0].sector not in _SPEAKERS:
        return False
    return all(who.kind not in ("country", None) and who.sector not in _FORCES for who in recipients)


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


def _is_nameless(who: Actor) -> bool:
    """Whether somebody is told by common nouns alone: "analysts", "the bank"."""
    return who.method in ("title", "context", None) and who.name == who.name.lower()
