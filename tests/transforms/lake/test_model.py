"""Any sequence of commits, runs, retirements, replays and compactions against a dict that does the same."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbeam.schemas.change import Retired
from newsbeam.schemas.event import Event
from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.lake import Lake, staging_folder

DAYS = ["2023-01-01", "2023-01-02"]
_names = itertools.count()

articles = st.integers(0, 3)
parts = st.tuples(st.lists(st.tuples(articles, st.integers(0, 2)), max_size=4), st.lists(articles, max_size=2))
steps = st.one_of(
    st.tuples(st.just("commit"), st.lists(parts, min_size=1, max_size=1)),
    st.tuples(st.just("run"), st.lists(parts, min_size=1, max_size=3)),
    st.tuples(st.just("replay"), st.just([])),
    st.tuples(st.just("compact"), st.just([])),
)


def day_of(article):
    return DAYS[article % 2]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(steps, max_size=7))
def test_a_lake_is_a_dict_of_rows(make, change, sequence):
    lake = Lake(f"memory://model{next(_names)}")
    model = {}
    committed = []

    def rows_of(added, number):
        return [
            make(Event, event_id=f"e{a}.{n}", article_id=f"a{a}", date=day_of(a), sentence_index=number)
            for a, n in added
        ]

    def retired_of(gone):
        return [Retired(f"a{a}", 0, day_of(a), ["events"]) for a in gone]

    for number, (what, chunks) in enumerate(sequence):
        for chunk, (added, gone) in enumerate(chunks):
            scope = f"{number} {chunk}"
            for a in gone:
                for key in [key for key in model if key[0] == a]:
                    del model[key]
            for key in added:
                model.setdefault(key, number)
            rows, retired = rows_of(added, number), retired_of(gone)
            if what == "commit":
                prepared = change(lake.storage, rows, retired, scope)
                lake.commit(prepared)
                committed.append(prepared)
            else:
                base = lake.snapshot().data_version
                folder = staging_folder("run", str(chunk))
                lake.stage("run", str(chunk), change(lake.storage, rows, retired, scope, folder=folder), base)
        if what == "run":
            lake.publish("run")
        elif what == "replay" and committed:
            lake.commit(committed[0])
        elif what == "compact":
            compact(lake.storage, retain_seconds=0, clock=lambda: 2e10)
        found = lake.read("events", columns=["event_id", "sentence_index"]).to_pylist()
        expected = [{"event_id": f"e{a}.{n}", "sentence_index": said} for (a, n), said in model.items()]
        assert sorted(found, key=str) == sorted(expected, key=str)
