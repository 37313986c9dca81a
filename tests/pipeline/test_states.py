"""Rows and states that an earlier release encoded are read by this one: a running job is updated with its state.

`tests/data/coders.json` holds the bytes. A name that is new is added to it, once; bytes are never changed:

    python -m tests.pipeline.test_states >> tests/data/coders.json    (and make one object of it)
"""

import json
from collections import OrderedDict
from pathlib import Path
from typing import Any, get_args, get_type_hints

import apache_beam as beam
import pytest
from apache_beam.coders import Coder
from apache_beam.coders.typecoders import registry
from apache_beam.io.watch import PollFn, _PollingGrowthState, never
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.utils.timestamp import Timestamp

from newsbeam.pipeline.arguments import parse_run
from newsbeam.pipeline.graph import Watching, build_stream
from newsbeam.pipeline.options import settings_of
from newsbeam.schemas.change import Retired
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms.deduplicate_stream import _SettlePaneFn
from newsbeam.transforms.watch import watching
from newsbeam.transforms.write import Written, _CommitInOrderFn, _Entry

_GOLDEN = Path(__file__).resolve().parents[1] / "data" / "coders.json"
_ROWS: list[Any] = [*(table.row_type for table in TABLES.values()), Retired, Written, _Entry]


def _sample(row_type: Any, is_full: bool) -> Any:
    """A row with a value of its own in each column; with None where a column may be empty and `is_full` is not."""
    made = []
    for number, (name, hint) in enumerate(get_type_hints(row_type).items()):
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        is_optional = type(None) in get_args(hint)
        kind = kinds[0] if is_optional else hint
        made.append(None if is_optional and not is_full else _value(kind, name, number))
    return row_type(*made)


def _value(kind: Any, name: str, number: int) -> Any:
    values = {
        str: f"{name} é\U0001f4f0",
        int: 1_700_000_000_000_000 + number,
        float: number + 0.25,
        bool: number % 2 == 0,
        bytes: bytes([0, number, 255]),
        list[str]: [name, "", "é"],
        list[int]: [number, -1],
    }
    return values[kind]


def _states() -> dict[str, tuple[Coder, Any]]:
    rows = {f"{row.__name__} {'full' if f else 'sparse'}": (registry.get_coder(row), _sample(row, f))
            for row in _ROWS for f in (True, False)}  # fmt: skip
    article = _sample(TABLES["articles"].row_type, True)
    seen = _sample(TABLES["seen"].row_type, True)
    pane = (1_700_000_000_123, "Timestamp(60) 0", [("file", b"\x00\xff"), ("retired", b"")])
    return {
        **rows,
        "state: articles that wait": (_SettlePaneFn.WAITING.coder, (1_700_000_000_123, article)),
        "state: rows not yet in the lake": (_SettlePaneFn.RECENT.coder, seen),
        "state: panes that wait": (_CommitInOrderFn.WAITING.coder, pane),
        "state: what a watch has given": (_watch().restriction_coder(), _GROWTH),
        "watched row": (registry.get_coder(tuple[str, bytes]), ("feeds", b"\x00\xff")),
    }


_AT = Timestamp(micros=1_700_000_000_123_000)  # Beam keeps milliseconds
_GROWTH = _PollingGrowthState(OrderedDict({b"\x07" * 16: _AT, b"\xff" * 16: _AT + 1}), _AT, 0, _AT + 1)


def _watch() -> Any:
    return watching(PollFn(), seconds=5.0, end=never())


@pytest.mark.parametrize("name", sorted(_states()))
def test_bytes_of_an_earlier_release_are_read(name: str) -> None:
    coder, expected = _states()[name]
    golden = json.loads(_GOLDEN.read_text())
    assert name in golden, f"{name} is new: add its bytes to {_GOLDEN.name}"
    decoded = coder.decode(bytes.fromhex(golden[name]))
    assert decoded == expected
    assert type(decoded) is type(expected)


def test_the_names_of_states_stay() -> None:
    assert [state.name for state in (_SettlePaneFn.WAITING, _SettlePaneFn.RECENT, _SettlePaneFn.DUE)] == [
        "waiting", "recent", "ts-due"
    ]  # fmt: skip
    assert [state.name for state in (_CommitInOrderFn.WAITING, _CommitInOrderFn.DUE)] == ["waiting", "ts-due"]


def _keepers() -> dict[str, str]:
    """The steps of a stream in which a runner keeps something between bundles, and their kinds."""
    options = parse_run(["feeds.txt", "--streaming", "--lake", "lake"]).options
    pipeline = beam.Pipeline(options=options)
    build_stream(pipeline, settings_of(options), Watching(["http://a.example/"], lambda _: [], lambda: False, 1))
    found = {}
    for step in pipeline.to_runner_api().components.transforms.values():
        if step.spec.urn == "beam:transform:group_by_key:v1":
            found[step.unique_name] = "groups"
        elif step.spec.urn == "beam:transform:pardo:v1":
            payload = beam_runner_api_pb2.ParDoPayload.FromString(step.spec.payload)
            names = sorted([*payload.state_specs, *payload.timer_family_specs])
            if names or payload.restriction_coder_id:
                found[step.unique_name] = " ".join(names) or "restriction"
    return found


def test_labels_of_steps_that_keep_something_stay() -> None:
    # a job that is updated finds its state by these names: a change of one is a loss, and needs a drain first
    assert _keepers() == {
        "WatchFeeds/Spread hosts/ReshufflePerKey/GroupByKey": "groups",
        "WatchFeeds/Watch": "restriction",
        "FetchPages/Gather hosts": "groups",
        "Deduplicate/Group": "groups",
        "Deduplicate/Settle/ParDo(_SettlePaneFn)": "recent ts-due waiting",
        "WriteLake/By file": "groups",
        "WriteLake/By change": "groups",
        "WriteLake/Commit": "ts-due waiting",
        "ReportWindows/Newest/GroupByKey": "groups",
        "ReportWindows/Join/CoGroupByKeyImpl/GroupByKey": "groups",
    }


if __name__ == "__main__":
    print(json.dumps({name: coder.encode(value).hex() for name, (coder, value) in _states().items()}, indent=0))
