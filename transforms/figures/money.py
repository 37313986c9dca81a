"""Say whose dollar, pound or peso an article means."""

import functools
import re
from collections import Counter

from newsbeam.transforms.figures.lexicon import rows_of


@functools.cache
def _sharers() -> tuple[dict[str, list[str]], dict[tuple[str, str], str], re.Pattern[str]]:
    codes: dict[str, list[str]] = {}
    speakers: dict[tuple[str, str], str] = {}
    words: set[str] = set()
    for name, code, spoken in rows_of("dollars.tsv"):
        codes.setdefault(name, []).append(code)
        for word in spoken.split("|"):
            speakers[name, word] = code
            words.add(word)
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return codes, speakers, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")


class Treasury:
    """The currencies of one article. Counts its country words once, when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: Counter[str] | None = None

    def code_of(self, name: str) -> str | None:
        """ISO 4217 code of a currency's name ("dollar"): of the country that the article speaks of most."""
        codes, speakers, pattern = _sharers()
        if name not in codes:
            return None
        if self._words is None:
            # "us" in lower case is the pronoun
            folded = re.sub(r"\bus\b", "", self._text).lower()
            self._words = Counter(pattern.findall(folded))
        votes: Counter[str] = Counter()
        for word, number in self._words.items():
            code = speakers.get((name, word))
            if code is not None:
                votes[code] += number
        if not votes:
            return codes[name][0]
        best = max(votes.values())
        return next(code for code in codes[name] if votes[code] == best)
