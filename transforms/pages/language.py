"""The language of a text, by py3langid."""

import re
from functools import cache
from typing import Any

MIN_LETTERS = 25
READ_CHARS = 2_000  # more tells nothing new
#: Below so many letters names outweigh words: a code other than English is believed only from this score. English
#: sentences of 40 to 140 characters were taken for something else in 4 % of cases, of 1 in 3,000 above the score.
SHORT_LETTERS = 200
SURE = 0.85
_NEAR_ENGLISH = "pcm"  # Nigerian Pidgin: what a short English sentence with African names looks like
_NO_LANGUAGE = "zxx"
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.|@|#)\S+")


@cache
def _identifier() -> Any:
    from py3langid.langid import _load_identifier as load  # its model takes a while: not at import

    return load(norm_probs=True)


def detect_language(text: str) -> tuple[str | None, float | None]:
    """The ISO 639-1 code of a text's language and how sure it is, 0 to 1; (None, None) where it is too short."""
    sample = _ADDRESS.sub(" ", text[: 2 * READ_CHARS])[:READ_CHARS]
    letters = sum(1 for _ in _LETTER.finditer(sample))
    if letters < MIN_LETTERS:
        return None, None
    code, score = _identifier().classify(sample)
    is_doubtful = letters < SHORT_LETTERS and code != "en" and (score < SURE or code == _NEAR_ENGLISH)
    if is_doubtful or code == _NO_LANGUAGE:
        return None, None
    return str(code), round(float(score), 4)
