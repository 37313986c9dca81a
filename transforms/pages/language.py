"""The language of a text, by py3langid."""

import re
from functools import cache
from typing import Any

MIN_LETTERS = 25
READ_CHARS = 2_000  # more tells nothing new
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.|@|#)\S+")


@cache
def _identifier() -> Any:
    from py3langid.langid import _load_identifier as load  # its model takes a while: not at import

    return load(norm_probs=True)


def detect_language(text: str) -> tuple[str | None, float | None]:
    """The ISO 639-1 code of a text's language and how sure it is, 0 to 1; (None, None) for fewer than 25 letters."""
    sample = _ADDRESS.sub(" ", text[: 2 * READ_CHARS])[:READ_CHARS]
    if sum(1 for _ in _LETTER.finditer(sample)) < MIN_LETTERS:
        return None, None
    code, score = _identifier().classify(sample)
    return str(code), round(float(score), 4)
