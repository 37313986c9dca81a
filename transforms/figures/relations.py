"""Relate the figures of an article: parts of totals, restatements, increments and previous values.

A sum of the totals of one effect counts nobody twice. Where an article tells the same toll again, the fullest telling
(known period, a noun, a whole sentence) is the total; the others are parts of it, however they are worded.
"""

from typing import NamedTuple

from newsbeam.schemas.figure import Figure

#: Nouns that say nothing of who they are, so that they can stand for any others.
_ANYONE = {
    None,
    *"person people human individual other victim soul life dead death fatality body injury wounded injured".split(),
    *"casualty resident adult".split(),
}


class Hint(NamedTuple):
    """What the words around a figure say of its relation to others."""

    is_part: bool = False  # "two of them", "including four"
    is_anaphoric: bool = False  # "all three", "the two"
    is_increment: bool = False  # "five more"
    is_previous: bool = False  # "from 33"


def relate(figures: list[Figure], hints: list[Hint], owners: list[int | None], is_sentence: list[bool]) -> list[Figure]:
    """The figures with `relation` and `part_of` set. `owners` gives the index of the figure that one is a part of."""
    related = list(figures)
    for i, figure in enumerate(figures):
        hint = hints[i]
        if hint.is_previous:
            related[i] = figure._replace(relation="previous")
        elif hint.is_increment:
            related[i] = figure._replace(relation="increment")
        elif hint.is_part or hint.is_anaphoric:
            owner = owners[i] if owners[i] is not None else _owner(figures, i)
            if owner is not None or hint.is_part:
                part_of = figures[owner].figure_id if owner is not None else None
                related[i] = figure._replace(relation="part", part_of=part_of)
    _link_restatements(related, is_sentence)
    return related


def _owner(figures: list[Figure], i: int) -> int | None:
    """The earlier count of people that a part or "all three" speaks of: same day first, then the nearest."""
    part = figures[i]
    size = part.value if part.value is not None else part.value_low
    best: tuple[int, int] | None = None
    for k in range(i - 1, -1, -1):
        whole = figures[k]
        most = whole.value_high if whole.value_high is not None else whole.value
        if whole.kind != "people" or (most is not None and size is not None and most < size):
            continue
        if (
            part.effect
            and whole.effect
            and part.effect != whole.effect
            and "casualties" not in (part.effect, whole.effect)
        ):
            continue
        same_day = part.period_start is not None and part.period_start == whole.period_start
        score = (2 if same_day else 0) + (1 if whole.value == part.value else 0)
        if whole.sentence_index < part.sentence_index - 4 and not same_day:
            continue
        if best is None or score > best[0]:
            best = score, k
    return best[1] if best else None


def _link_restatements(figures: list[Figure], is_sentence: list[bool]) -> None:
    groups: dict[tuple[str, float | None, float | None], list[int]] = {}
    for i, figure in enumerate(figures):
        if figure.kind == "people" and figure.effect and figure.relation == "total" and figure.polarity == "asserted":
            groups.setdefault((figure.effect, figure.value_low, figure.value_high), []).append(i)
    for members in groups.values():
        ranked = sorted(members, key=lambda i: (-_fullness(figures[i], is_sentence[i]), i))
        heads: list[int] = []
        for i in ranked:
            head = next((h for h in heads if _same(figures[h], figures[i])), None)
            if head is None:
                heads.append(i)
            else:
                figures[i] = _retold(figures[i], figures[head])


def _retold(figure: Figure, whole: Figure) -> Figure:
    """A restatement: part of the fullest telling, of which it takes the time where it gives none."""
    figure = figure._replace(relation="part", part_of=whole.figure_id)
    if figure.period_start is None and whole.period_start is not None:
        return figure._replace(scope=whole.scope, period_start=whole.period_start, period_end=whole.period_end)
    return figure


def _fullness(figure: Figure, is_sentence: bool) -> int:
    return 4 * is_sentence + 2 * (figure.period_start is not None) + (figure.noun is not None)


def _same(one: Figure, other: Figure) -> bool:
    """Whether two figures of equal size and effect can be the same toll told twice."""
    if one.sentence_index == other.sentence_index:
        return False
    if one.period_start and other.period_start and not _overlap(one, other):
        return False
    if one.noun in _ANYONE or other.noun in _ANYONE:
        return True
    return one.noun == other.noun or bool(set(one.groups) & set(other.groups))


def _overlap(one: Figure, other: Figure) -> bool:
    first_end, second_end = one.period_end or one.period_start or "", other.period_end or other.period_start or ""
    return (one.period_start or "") <= second_end and (other.period_start or "") <= first_end
