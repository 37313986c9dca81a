"""The lexicon of event words, read once from the tables beside this file."""

import functools
from importlib.resources import files
from typing import NamedTuple

PACKAGE = "newsbeam.transforms.events"
TYPES = frozenset(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION "
    "MOBILIZE COERCE ASSAULT".split()
)


class Condition(NamedTuple):
    """One condition of a frame: `slot` is obj, subj, iobj, xcomp, ccomp or a preposition with a leading +."""

    slot: str
    classes: tuple[str, ...]
    is_negated: bool  # the slot must be empty, or must not hold the classes
    words: tuple[str, ...] = ()  # the prepositions of a slot with a leading +


class VerbSense(NamedTuple):
    """A verb in one frame. `operator` is empty where the verb has a type of its own."""

    lemma: str
    particle: str | None
    conditions: tuple[Condition, ...]
    operator: str
    type: str | None
    mode: str | None
    slots: tuple[str, ...]
    flags: frozenset[str]
    actor: str


class NounSense(NamedTuple):
    """A noun that names an event; with an operator, one that changes the event that its complement names."""

    lemma: str
    operator: str
    type: str
    mode: str | None
    actor_slots: tuple[str, ...]
    slots: tuple[str, ...]
    flags: frozenset[str]


class AdjectiveSense(NamedTuple):
    """An adjective behind "be" that states an event, or an operator."""

    operator: str
    type: str
    slots: tuple[str, ...]


class Lexicon(NamedTuple):
    """Everything the coder knows of words."""

    verbs: dict[str, tuple[VerbSense, ...]]
    nouns: dict[str, NounSense]
    adjectives: dict[str, AdjectiveSense]
    classes: dict[str, frozenset[str]]
    conventions: dict[tuple[str, str], str]
    scale: dict[tuple[str, str | None], tuple[int, str, float]]

    def combine(self, operator: str, inner: str) -> str | None:
        """Type of an event of type `inner` under an operator; None where that states no event."""
        result = self.conventions.get((operator, inner)) or self.conventions.get((operator, "*"), "-")
        return inner if result == "=" else None if result == "-" else result

    def measure(self, type_: str, mode: str | None) -> tuple[int, str, float]:
        """(quad, CAMEO root, intensity) of a type in a mode."""
        return self.scale.get((type_, mode)) or self.scale[type_, None]


def read_table(name: str, columns: int) -> list[list[str]]:
    """Rows of a commented TSV file of this package."""
    rows = []
    for number, line in enumerate(files(PACKAGE).joinpath(name).read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != columns:
            raise ValueError(f"{name}:{number} has {len(cells)} columns, not {columns}: {line!r}")
        rows.append(cells)
    return rows


@functools.cache
def load_lexicon() -> Lexicon:
    """The lexicon of this package. Loaded once a process."""
    classes: dict[str, set[str]] = {}
    for name, words in read_table("classes.tsv", 2):
        classes.setdefault(name, set()).update(words.split())
    nouns: dict[str, NounSense] = {}
    for lemmas, type_, mode, actors, slots, flags in read_table("nouns.tsv", 6):
        for lemma in lemmas.split():
            operator, plain = ("", type_) if type_ in TYPES else (type_, "")
            sense = NounSense(lemma, operator, plain, _cell(mode), _slots(actors), _slots(slots), _flags(flags))
            nouns.setdefault(lemma, sense)
    verbs: dict[str, list[VerbSense]] = {}
    for lemmas, frame, type_, mode, slots, flags in read_table("verbs.tsv", 6):
        for word in lemmas.split():
            sense_ = _verb_sense(word, frame, type_, mode, slots, flags)
            verbs.setdefault(sense_.lemma, []).append(sense_)
    adjectives = {}
    for lemmas, type_, slots in read_table("adjectives.tsv", 3):
        operator, _, plain = type_.partition("/") if type_ not in TYPES else ("", "", type_)
        for lemma in lemmas.split():
            adjectives[lemma] = AdjectiveSense(operator, plain, _slots(slots))
    conventions = {}
    for operator, inners, result in read_table("conventions.tsv", 3):
        for inner in inners.split():
            conventions[operator, inner] = result
    scale = {}
    for type_, quad, root, intensity, mode in read_table("scale.tsv", 5):
        scale[type_, _cell(mode)] = (int(quad), root, float(intensity))
    return Lexicon(
        verbs={lemma: tuple(sorted(senses, key=_specificity)) for lemma, senses in verbs.items()},
        nouns=nouns,
        adjectives=adjectives,
        classes={name: frozenset(words) for name, words in classes.items()},
        conventions=conventions,
        scale=scale,
    )


def _verb_sense(word: str, frame: str, type_: str, mode: str, slots: str, flags: str) -> VerbSense:
    lemma, _, particle = word.partition("+")
    operator, _, plain = type_.partition("/")
    if operator in TYPES:
        operator, plain = "", operator
    if plain and plain not in TYPES:
        raise ValueError(f"verbs.tsv: {word}: {plain!r} is no event type")
    named = _flags(flags)
    actor = next((flag.removeprefix("actor=") for flag in sorted(named) if flag.startswith("actor=")), "subj")
    conditions = tuple(_condition(part) for part in frame.split() if part != "-")
    if "subj:troops" in named:
        conditions += (_condition("subj:troops"),)
    if "subj:human" in named:
        conditions += (_condition("subj:human"),)
    return VerbSense(
        lemma, particle or None, conditions, operator, plain or None, _cell(mode), _slots(slots), named, actor
    )


def _condition(part: str) -> Condition:
    slot, _, classes = part.partition(":")
    is_negated = slot.startswith("!") or classes.startswith("!")
    slot = slot.removeprefix("!")
    words = tuple(slot[1:].split("|")) if slot.startswith("+") else ()
    return Condition(slot, tuple(filter(None, classes.removeprefix("!").split("|"))), is_negated, words)


def _specificity(sense: VerbSense) -> int:
    """Senses with more conditions come first; a class counts more than a bare slot."""
    weight = sum(
        (0 if condition.is_negated else 1) if not condition.classes else 2 if condition.classes == ("actor",) else 3
        for condition in sense.conditions
    )
    return -(weight + (3 if sense.particle else 0))


def _cell(text: str) -> str | None:
    return None if text == "-" else text


def _slots(text: str) -> tuple[str, ...]:
    return () if text == "-" else tuple(text.split(","))


def _flags(text: str) -> frozenset[str]:
    return frozenset() if text == "-" else frozenset(text.split(","))
