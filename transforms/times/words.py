"""The sets of words that the finding of time expressions goes by."""

from pathlib import Path

_LINES = (Path(__file__).parent / "words.tsv").read_text(encoding="utf-8").splitlines()
#: name of a set to its words, in lower case
WORDS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, _, words in (line.split("\t") for line in _LINES if line and not line.startswith("#"))
}
