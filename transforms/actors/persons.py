"""Keep the persons of an article apart, and find whom a short name means."""

import difflib

from newsbeam.transforms.actors.actor import Actor
from newsbeam.transforms.actors.lexicon import folded, lone_surnames

_ALIKE = 0.6  # likeness of two spellings of one given name: "Mahmud", "Mahmoud"


class Persons:
    """The persons of one article, in order of first mention."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._known: list[tuple[tuple[str, ...], Actor]] = []  # words of the fullest name, folded
        self._named_at: list[list[int]] = []  # where each is named by more than one word
        self._bearers: dict[str, list[int]] = {}  # word of a name to the persons who bear it

    def add(self, actor: Actor, at: int) -> Actor:
        """Keep what a mention at a token tells of a person; return the person as known so far."""
        words = tuple(folded(actor.name).split())
        index = self._meant(words, actor, at)
        if index is None:
            index = len(self._known)
            self._known.append((words, actor))
            self._named_at.append([])
        else:
            old_words, old = self._known[index]
            longer = words if len(words) > len(old_words) else old_words
            self._known[index] = (longer, joined(old, _own(actor, words, old_words)))
        if len(words) > 1:
            self._named_at[index].append(at)
        for word in words:
            bearers = self._bearers.setdefault(word, [])
            if index not in bearers:
                bearers.append(index)
        return self._known[index][1]

    def full(self, actor: Actor, at: int) -> Actor:
        """The person whom a mention at a token means, in the fullest form that the article gives."""
        words = tuple(folded(actor.name).split())
        index = self._meant(words, actor, at)
        if index is None:
            return actor
        known, person = self._known[index]
        return joined(person, _own(actor, words, known))

    def has_surname(self, word: str) -> bool:
        """Whether a person named by more than one word bears a word as the last of them."""
        key = folded(word)
        return any(len(self._known[i][0]) > 1 and self._known[i][0][-1] == key for i in self._bearers.get(key, ()))

    def _meant(self, words: tuple[str, ...], actor: Actor, at: int) -> int | None:
        """Whom a name means: of those whose names hold all its words or are held by it, the one named last before."""
        if not words:
            return None
        fitting = [i for i in self._bearers.get(words[-1], ()) if _fits(words, self._known[i][0])]
        leader = lone_surnames().get(words[0]) if len(words) == 1 else None
        if leader is not None and actor.country in (None, leader[0]):
            own = [i for i in fitting if _may_be(self._known[i][0], words[0])]
            # beside the leader known by the name alone only a namesake of another country can be meant: not his wife
            fitting = own or [
                i for i in fitting if self._is_before(i, at) and self._known[i][1].country not in (None, leader[0])
            ]
        if not fitting:
            return None
        return max(fitting, key=lambda i: (max((k for k in self._named_at[i] if k <= at), default=-1), i))

    def _is_before(self, index: int, at: int) -> bool:
        return any(k <= at for k in self._named_at[index])


def _own(actor: Actor, words: tuple[str, ...], known: tuple[str, ...]) -> Actor:
    """What a mention itself tells: not what a leader's surname would, where a namesake of his bears it."""
    if len(words) == 1 and actor.method == "leader" and not _may_be(known, words[0]):
        return actor._replace(country=None, sector=None, method=None)
    return actor


def _fits(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether two names can be one person's."""
    if len(words) == 1:
        return True
    if len(known) == 1 and not _may_be(words, known[0]):
        return False
    return set(words) <= set(known) or set(known) <= set(words)


def _may_be(words: tuple[str, ...], surname: str) -> bool:
    """Whether a full name can be that of the leader who is known by a surname alone; true where there is none."""
    known = lone_surnames()[surname][1] if surname in lone_surnames() else ()
    own = [word for word in words if word != surname]
    if not own or not known:
        return True
    return any(
        word == other or (word[0] == other[0] and (len(word) == 1 or _likeness(word, other) >= _ALIKE))
        for word in own
        for other in known
    )


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word, other, autojunk=False).ratio()


def joined(first: Actor, second: Actor) -> Actor:
    """Two readings of one person: the longer name, and what either knows; what stands at the mention goes first."""
    name = first.name if len(first.name) >= len(second.name) else second.name
    told = second if second.country else first
    return Actor(
        name, "person", told.country, second.sector or first.sector, told.method or first.method,
        max(first.score, second.score),
    )  # fmt: skip
