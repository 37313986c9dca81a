"""Guess the country of those whom an article names by their role alone: "the police", "protesters", "the ministry".

People live where their clause or sentence is set, so that goes first for them. A state's own bodies and officials act
abroad as well: for them the country goes first that the article has been about until then.
"""

from spacy.tokens import Span, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL, Actor
from newsbeam.transforms.actors.lexicon import role_of, singular
from newsbeam.transforms.actors.reading import Reader
from newsbeam.transforms.actors.setting import Setting
from newsbeam.transforms.actors.words import WORDS

_DOMESTIC, _POWERS, _RULED = WORDS["domestic"], WORDS["powers"], WORDS["ruled"]
_ELSEWHERE, _WHERE, _AIMED = WORDS["elsewhere"], WORDS["where"], WORDS["aimed"]
_ROAMING, _LOCAL = WORDS["roaming"], WORDS["local"]
_STATE = {"GOV", "LEG", "MIL", "SPY", "ELI"}
_SENTENCES_BACK = 3
_BY_ARTICLE, _BY_CLAUSE, _BY_SENTENCE, _BY_HOME = 0.5, 0.45, 0.4, 0.35


def in_context(reader: Reader, setting: Setting, span: Span, actor: Actor) -> Actor:
    """The actor with the country that clause, sentence or article suggest for the role, if they leave no choice."""
    if actor.sector not in _DOMESTIC or actor.kind is None:
        return actor
    root = span.root
    if singular(root.lower_) in _ROAMING or _is_foreign(reader, span, root):
        return actor
    if root.pos_ == "PROPN" and actor.kind != "person" and role_of((root.lower_,)) is None:
        return actor
    number = setting.sentence_of(root.i)
    is_of_state = actor.sector in _STATE and singular(root.lower_) not in _LOCAL
    if is_of_state and (home := setting.home(number)):
        return actor._replace(country=home, method="article", score=_BY_ARTICLE)
    country, score = _by_sentence(reader, setting, root, actor, number)
    if country is None and (home := setting.home(number)) and home not in setting.named_in(number, is_aimed=True):
        country, score = home, _BY_HOME
    return actor._replace(country=country, method="context", score=score) if country else actor


def _is_foreign(reader: Reader, span: Span, root: Token) -> bool:
    """Whether a word before the head places it outside one country: "foreign", "allied", "neighbouring"."""
    before = reader.lower[max(0, min(span.start, root.i - 4)) : root.i]
    return any(word in _ELSEWHERE for word in before)


def _by_sentence(reader: Reader, setting: Setting, root: Token, actor: Actor, number: int) -> tuple[str | None, float]:
    """What the clause, its sentence and the ones before it tell."""
    verb = _verb(root)
    spoken_of = setting.named_in(number)
    if actor.sector == "MIL" and actor.kind == "organisation" and len(reader.countries) > 1:
        return None, 0.0  # an army strikes abroad: what its clause names may be what it strikes
    if verb is not None and (where := _where(reader, verb)):
        return where, _BY_CLAUSE
    if len(spoken_of) == 1:
        return spoken_of[0], _BY_SENTENCE
    if verb is not None and actor.sector in _RULED and root.dep_ not in ("nsubj", "agent"):
        for subject in verb.children:
            if subject.dep_ in ("nsubj", "agent") and subject != root:
                power = reader.read(reader.doc[subject.left_edge.i : subject.i + 1])
                if power.country and power.country not in SUPRANATIONAL and power.sector in _POWERS - {"MIL"}:
                    return power.country, _BY_CLAUSE
    if not spoken_of:
        for before in range(number - 1, max(-1, number - 1 - _SENTENCES_BACK), -1):
            if found := setting.named_in(before):
                if len(found) == 1:
                    return found[0], _BY_HOME
                break
    return None, 0.0


def _verb(token: Token) -> Token | None:
    for ancestor in token.ancestors:
        if ancestor.pos_ in ("VERB", "AUX"):
            return ancestor
    return None


def _where(reader: Reader, verb: Token) -> str | None:
    for child in verb.children:
        if child.dep_ != "prep" or child.lower_ not in _WHERE:
            continue
        for pobj in child.children:
            if pobj.dep_ != "pobj":
                continue
            hit = reader.hit_at.get(pobj.i)
            country = reader.country_of_hit(hit) if hit and hit.entry.kind == "country" else reader.place_country(pobj)
            if country and country not in SUPRANATIONAL:
                return country
    return None
