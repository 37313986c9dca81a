import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.compression import Stream
from newsbeam.transforms.formats.spans import elements_of, lines_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\[]{},\n', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a"]', max_size=3), inner, max_size=3),
    max_leaves=6,
)


def _stream(data: bytes, block: int = 3) -> Stream:
    """A stream in small blocks, so that every boundary falls somewhere."""

    def blocks() -> Iterator[bytes]:
        for at in range(0, len(data), block):
            yield data[at : at + block]

    return Stream(blocks())


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\n", [b"a\n"]),
        (b"\n\nab\r\ncdefgh", [b"\n", b"\n", b"ab\r\n", b"cdefgh"]),
    ],
)
def test_lines_lie_one_after_the_other(data: bytes, lines: list[bytes]) -> None:
    spans = list(lines_of(_stream(data)))
    assert [span.data for span in spans] == lines
    assert [span.offset for span in spans] == [sum(map(len, lines[:n])) for n in range(len(lines))]
    assert all(data[span.offset : span.stop] == span.data for span in spans)


def test_a_line_over_the_limit_is_skipped_and_the_next_is_read() -> None:
    spans = list(lines_of(_stream(b"ok\n" + b"x" * 500 + b"\nok\n"), limit=100))
    assert [span.data for span in spans] == [b"ok\n", None, b"ok\n"]
    assert spans[1].head.startswith(b"xxx") and len(spans[1].head) <= 200
    assert (spans[1].offset, spans[1].stop) == (3, 504)


@given(st.lists(JSON, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]))
def test_elements_are_those_of_json(values: list[object], block: int, indent: int | None) -> None:
    data = json.dumps(values, indent=indent).encode()
    spans = list(elements_of(_stream(data, block)))
    assert [json.loads(span.data or b"") for span in spans] == values


def test_elements_can_be_read_from_any_of_them() -> None:
    data = b'[{"a": [1, 2]}, {"b": "]"},\n "x,y"]'
    spans = list(elements_of(_stream(data)))
    for number, span in enumerate(spans):
        stream = _stream(data)
        stream.skip(span.offset)
        rest = list(elements_of(stream)) if number else spans
        assert [one.data for one in rest] == [one.data for one in spans[number:]]


@pytest.mark.parametrize("data", [b"[", b"[{}, ", b'[{"a": "]'])
def test_an_array_without_end_says_so(data: bytes) -> None:
    with pytest.raises(BadRecord, match="bad_json"):
        list(elements_of(_stream(data)))
