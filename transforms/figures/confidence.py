"""Say how surely a figure was read: the share of figures of its kind and evidence that were right."""

from newsbeam.transforms.figures.lexicon import rows_of

_CHANCES = {(kind, evidence): float(chance) for kind, evidence, chance in rows_of("confidence.tsv")}
_FACTOR = _CHANCES["interval", "any"]
_LEAST = min(_CHANCES.values())


def confidence_of(kind: str, bound: str, *, has_noun: bool, has_effect: bool = False) -> float:
    """The chance that value, noun and effect of a figure are right, as measured (`confidence.tsv`)."""
    evidence = "noun" if has_noun else "none"
    if kind == "people" and has_effect:
        evidence = "effect noun" if has_noun else "effect"
    chance = _CHANCES.get((kind, evidence), _LEAST)
    return round(chance * _FACTOR if bound in ("range", "vague") else chance, 2)
