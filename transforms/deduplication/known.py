"""A first look at an arrival: whether the lake holds this very text of this very article."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from newsbeam.schemas.article import Article
from newsbeam.transforms.deduplication.memory import ReadSeen

#: Rows kept, of 32 bytes each; beyond them nothing is held to be known, and the settlement finds it out.
MOST = 1_000_000
_DAYS_AT_ONCE = 8  # of `seen`: what comes together is of few days
_DIGITS = 16  # of each of two digests: 128 bits
_KEY = "S32"


class Known:
    """The texts that a lake holds, read by days when they are asked for."""

    def __init__(self, read_seen: ReadSeen, most: int = MOST) -> None:
        """Nothing is read yet."""
        self._read_seen = read_seen
        self._left = most
        self._by_days: dict[int, NDArray[np.bytes_]] = {}

    def holds(self, article: Article) -> bool:
        """Whether this text of this article was seen under this day."""
        block = date.fromisoformat(article.date).toordinal() // _DAYS_AT_ONCE
        keys = self._by_days.get(block)
        if keys is None:
            keys = self._by_days[block] = self._read(block)
        key = (article.article_id[:_DIGITS] + article.content_hash[:_DIGITS]).encode()
        at = int(np.searchsorted(keys, np.bytes_(key)))
        return at < len(keys) and keys[at] == key

    def _read(self, block: int) -> NDArray[np.bytes_]:
        if self._left <= 0:
            return np.empty(0, dtype=_KEY)
        first = max(1, block * _DAYS_AT_ONCE)
        stop = min((block + 1) * _DAYS_AT_ONCE, date.max.toordinal() + 1)
        days = [date.fromordinal(day).isoformat() for day in range(first, stop)]
        table = self._read_seen(columns=["article_id", "content_hash"], dates=days)
        if table.num_rows > self._left:
            self._left = 0
            return np.empty(0, dtype=_KEY)
        self._left -= table.num_rows
        digits: list[Any] = [
            pc.utf8_slice_codeunits(table[name], 0, _DIGITS) for name in ("article_id", "content_hash")
        ]
        joined: Any = pc.binary_join_element_wise(*digits, "")
        padded = pc.ascii_rpad(joined, 2 * _DIGITS, padding="\0").cast(pa.binary()).cast(pa.binary(2 * _DIGITS))
        keys = [np.frombuffer(chunk.buffers()[1], _KEY)[chunk.offset :][: len(chunk)] for chunk in padded.chunks]
        return np.sort(np.concatenate([np.empty(0, _KEY), *keys]))
