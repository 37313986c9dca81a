"""What is asked about articles, and how the process that is asked (`child.py`) answers."""

import pickle
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsbeam.schemas.article import Article
from newsbeam.transforms.facts import Facts, read_facts, readable_text

if TYPE_CHECKING:
    from spacy.language import Language

BATCH = 8  # articles a request and a parser call: as fast as 32, and no process has much more to do than another


def encode(article: Article) -> bytes:
    """What is asked about an article: without the part that is not read."""
    return pickle.dumps(article._replace(text=readable_text(article.text)), pickle.HIGHEST_PROTOCOL)


def decode(answer: bytes) -> tuple[Facts, dict[str, int]]:
    """The facts of an article, and the microseconds that parse, events and figures took."""
    facts, spent = pickle.loads(answer)
    return facts, spent


def read_articles(parts: Sequence[bytes], nlp: "Language") -> list[bytes]:
    """The facts of encoded articles, in their order, encoded."""
    found = []
    texts = ((article.text, article) for article in map(pickle.loads, parts))
    begin_ns = time.perf_counter_ns()
    for doc, article in nlp.pipe(texts, as_tuples=True, batch_size=BATCH):
        spent = Counter(parse=(time.perf_counter_ns() - begin_ns) // 1000)
        facts = read_facts(article, doc, spent)
        found.append(pickle.dumps((facts, dict(spent)), pickle.HIGHEST_PROTOCOL))
        begin_ns = time.perf_counter_ns()
    return found
