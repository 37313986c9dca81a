"""Load the spaCy pipeline that every fact is read with."""

import hashlib
import importlib.util
import re
from pathlib import Path
from threading import Lock

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from newsbeam.transforms.events.repair import repair_parse
from newsbeam.transforms.extraction.model import DEFAULT_MODEL, ModelMissing
from newsbeam.transforms.parsing.quicken import quicken

#: blake2b of the weights that the rules were measured with; another digest means another model.
DEFAULT_WEIGHTS = "17e395d2b3661fa168c58e41a716431a"

#: "TIRANA, Albania (AP) --": capitals at the head of a paragraph up to a dash, or a colon after an agency.
_DATELINE = re.compile(
    r"(?:^|\n)\s*(?:[A-Z][a-z]+ )?[A-Z][A-Z.'’]{2,}(?: [A-Z][A-Z.'’]+){0,3}(?:, [A-Z][\w.]+(?: [\w.]+){0,2})?"
    r"(?:, \w+\.? \d{1,2})?(?: ?\([^()\n]{2,30}\))?(?: ?(?:--|—|–| -(?= ))|(?<=\)) ?:|:(?= [A-Z]))(?=\s?\S)"
)

_LONGEST_WRAPPED = 200  # characters of a line that somebody broke by hand
_MOST_STRINGS = 200_000  # 85,000 are the model's own; 100,000 more take 45 MB, and to load anew takes half a second
_loaded: dict[str, Language] = {}
_lock = Lock()

#: Tokens of the longest sentence that is parsed as one.
MAX_SENTENCE_TOKENS = 300
_MARKS = frozenset(".!?;:")


def load_model(name: str = DEFAULT_MODEL) -> Language:
    """The pipeline named `name`, with blank lines as sentence ends. Loaded once a process.

    Who parses without end asks for it again before each batch: spaCy keeps every word it has met, so a pipeline that
    has met very many gives way to a new one. Raises ModelMissing where it is not installed, has no parser, or (the
    default) has other weights than pinned.
    """
    with _lock:
        if name in _loaded and len(_loaded[name].vocab.strings) > _MOST_STRINGS:
            del _loaded[name]
        if name not in _loaded:
            _loaded[name] = _load(name)
        return _loaded[name]


def _load(name: str) -> Language:
    if importlib.util.find_spec(name) is None and not Path(name).is_dir():
        raise ModelMissing(f"no spaCy pipeline {name!r} is installed; pip install one, or name another with --model")
    if name == DEFAULT_MODEL and weights_digest(name) != DEFAULT_WEIGHTS:
        raise ModelMissing(f"{name} has other weights than newsbeam was measured with; reinstall requirements.txt")
    nlp = spacy.load(name)
    if "parser" not in nlp.pipe_names:
        raise ModelMissing(f"{name} has no dependency parser; newsbeam reads facts from parses")
    nlp.add_pipe("blank_line_boundaries", before="parser")
    nlp.add_pipe("longest_sentence", before="parser")
    # after the tags that it reads, before the lemmas and names that should see what it mends
    nlp.add_pipe("repair_parse", after="attribute_ruler" if "attribute_ruler" in nlp.pipe_names else "parser")
    return quicken(nlp)


def weights_digest(name: str) -> str:
    """Digest over the parser's weights file of an installed package."""
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(spec.origin).parent.glob("*/*/model")):
        digest.update(path.parent.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@Language.component("blank_line_boundaries")
def blank_line_boundaries(doc: Doc) -> Doc:
    """Start a sentence after each blank line, for a headline has no full stop, and after a dateline.

    Where a line is longer than any that was wrapped by hand, lines are paragraphs, and each starts a sentence.
    """
    text = doc.text
    breaks = 1 if any(len(line) > _LONGEST_WRAPPED for line in text.split("\n")) else 2
    for token in doc[:-1]:
        if token.is_space and token.text.count("\n") >= breaks:
            doc[token.i + 1].is_sent_start = True
    for match in _DATELINE.finditer(text):
        after = doc.char_span(match.end() - 1, match.end(), alignment_mode="expand")
        if after is not None and after.start + 1 < len(doc):
            doc[after.start + 1].is_sent_start = True
    return doc


@Language.component("longest_sentence")
def longest_sentence(doc: Doc) -> Doc:
    """Start a sentence at the latest every MAX_SENTENCE_TOKENS, after a mark where there is one.

    Tables and lists without full stops parse to chains thousands of words deep; rules that follow heads would take
    time by the square of them. No sentence of prose is so long.
    """
    start = 0
    while start + MAX_SENTENCE_TOKENS < len(doc):
        end = start + MAX_SENTENCE_TOKENS
        starts = [i for i in range(start + 1, end + 1) if doc[i].is_sent_start]
        if not starts:
            marks = [i + 1 for i in range(start + 1, end) if doc[i].text in _MARKS or "\n" in doc[i].text]
            starts = [marks[-1] if marks else end]
            doc[starts[0]].is_sent_start = True
        start = starts[-1]
    return doc


@Language.component("repair_parse")
def _repair_parse(doc: Doc) -> Doc:
    """Mend the parser's systematic faults; what comes later in the pipeline reads the mended parse."""
    return repair_parse(doc)
