"""Say whose dollar, pound or peso an article means."""

import functools
import re
from collections import Counter
from collections.abc import Iterable

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

    def code_of(self, name: str, nearer: Iterable[str] = ()) -> str | None:
        """ISO 4217 code of a currency's name ("dollar"): of the country that the text around it speaks of.

        `nearer` are the texts that go before the article, nearest first: the clause, the sentence. The first that
        speaks of one country decides; else the country that the article speaks of most.
        """
        codes = _sharers()[0]
        if name not in codes:
            return None
        if self._words is None:
            self._words = _speakers_in(self._text)
        votes = _votes(name, self._words)
        if not votes:
            return codes[name][0]
        if len(votes) > 1:
            for text in nearer:
                near = _votes(name, _speakers_in(text))
                if len(near) == 1:
                    return next(iter(near))
        best = max(votes.values())
        return next(code for code in codes[name] if votes[code] == best)


def _speakers_in(text: str) -> Counter[str]:
    """The words of a text that speak for a country, and how often; "us" in lower case is the pronoun."""
    return Counter(_sharers()[2].findall(re.sub(r"\bus\b", "", text).lower()))


def _votes(name: str, words: Counter[str]) -> Counter[str]:
    """How often words speak for each country whose currency has a name."""
    speakers = _sharers()[1]
    votes: Counter[str] = Counter()
    for word, number in words.items():
        code = speakers.get((name, word))
        if code is not None:
            votes[code] += number
    return votes
