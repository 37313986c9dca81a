"""What `newsbeam show` says of a story told by four articles that do not agree."""

import pytest

from newsbeam.pipeline.cli import main
from newsbeam.schemas.article import Article, Link
from newsbeam.schemas.event import Event, Participant
from newsbeam.schemas.figure import Figure
from newsbeam.schemas.tables import ROW_TABLES, TABLES
from newsbeam.transforms.instants import SECOND, start_of
from newsbeam.transforms.lake.changes import change_of, write_rows
from newsbeam.transforms.lake.lake import Lake

DAY = "2024-05-07"
SENTENCE = "Gunmen killed {number} people at a market in Kano on Tuesday, {who} said."


def row(row_type, **known):
    return row_type(**{**dict.fromkeys(row_type._fields), "revision": 0, "date": DAY, **known})


def article(name, hour, text, source, **known):
    known = {"title": f"Kano: {name}", "url": f"https://{source}/1", "authors": [], "tags": [], **known}
    return row(
        Article, article_id=name, date_source="feed", source=source, origin="feed", text=text, text_source="page",
        language="en", word_count=len(text.split()), published_at=start_of(DAY) + hour * 3600 * SECOND,
        ingested_at=start_of(DAY), content_hash=name, **known,
    )  # fmt: skip


def told(name, hour, number, who, source, key="raid", place_id=1, **known):
    """An article, its event and its figure."""
    words = str(number)
    sentence = SENTENCE.format(number=words, who=who)
    start = sentence.index(words)
    told = {"article_id": name, "sentence": sentence, "sentence_index": 0, "confidence": 0.7, "coder_version": "v1"}
    event_id = f"event-{name}"
    return [
        article(name, hour, sentence, source),
        row(
            Event, event_id=event_id, event_key=key, event_date=DAY, date_type="exact", date_text="Tuesday",
            type="ASSAULT", mode="firearms", cameo_root="19", quad=4, intensity=-9.0, contexts=["military"],
            polarity="asserted", realis="actual", attribution=who, actor_name="Gunmen", recipient_name="people",
            place_name="Kano", place_id=place_id, place_country="NGA", place_precision="city", lat=12.0, lon=8.5,
            killed_min=number, killed_max=number, trigger="killed", trigger_start=7, trigger_end=13,
            published_at=start_of(DAY) + hour * 3600 * SECOND, **told,
        ),
        row(
            Participant, event_id=event_id, article_id=name, role="actor", position=0, text="Gunmen", char_start=0,
            char_end=6, name="Gunmen", kind="group", score=0.7,
        ),
        row(
            Figure, figure_id=f"figure-{name}", event_id=event_id, surface=words, char_start=start,
            char_end=start + len(words), kind="people", value=float(number), bound="eq", unit="person", noun="people",
            noun_phrase="people", effect="killed", polarity="asserted", groups=[], relation="total", scope="event",
            attribution=who, **{**told, **known},
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    root = str(tmp_path_factory.mktemp("show") / "lake")
    rows = [
        *told("wire", 12, 12, "police", "wire.example"),
        article("copy", 13, SENTENCE.format(number=12, who="police"), "daily.example"),
        *told("update", 18, 19, "a minister", "radio.example", key="raid on more"),  # of the same story
        *told("rival", 14, 9, "a doctor", "herald.example"),  # of the same event, on its own
        *told("other", 15, 300, "a historian", "book.example", key="another", place_id=2),
        row(Link, article_id="copy", canonical_id="wire", relation="copy", similarity=1.0, method="text"),
        row(Link, article_id="update", canonical_id="wire", relation="update", similarity=0.9, method="near"),
    ]
    written, groups = Lake(root), {}
    for each in rows:
        groups.setdefault(ROW_TABLES[type(each)], []).append(each)
    files = [write_rows(written.storage, TABLES[table], DAY, group) for table, group in groups.items()]
    written.commit(change_of(files, []))
    return root


@pytest.fixture
def show(lake, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")

    def shown(*arguments, status=0):
        assert main(["show", "--lake", lake, *arguments]) == status
        printed = capsys.readouterr()
        return [" ".join(line.split()) for line in (printed.err if status else printed.out).splitlines()]

    return shown


STORY = [
    "Story of 3 articles",
    "relation published_at source title similarity article_id",
    "original 2024-05-07 12:00 wire.example Kano: wire wire",
    "copy 2024-05-07 13:00 daily.example Kano: copy 1 copy",
    "update 2024-05-07 18:00 radio.example Kano: update 0.9 update",
]
CLAIMS = [
    "Claims: killed 9 to 19 they conflict",
    "published_at number words said by source figure_id",
    "2024-05-07 12:00 12 12 police wire.example figure-wire",
    "2024-05-07 14:00 9 9 a doctor herald.example figure-rival",
    "2024-05-07 18:00 19 19 a minister radio.example figure-updat",
]


def part(lines, title):
    """The lines from a title to the next empty one."""
    begin = next(n for n, line in enumerate(lines) if line.startswith(title))
    return lines[begin : [*lines, ""].index("", begin)]


def marked_as(line, article_id):
    """A line of STORY as it is for the article at hand."""
    return f"> {line}" if line.endswith(f" {article_id}") else line


def test_an_event_with_its_evidence_story_and_claims(show):
    lines = show("event-wire")
    assert lines[0] == "ASSAULT (firearms) Gunmen → people, 2024-05-07, Kano, killed 12"
    assert lines[2] == SENTENCE.format(number=12, who="police")
    assert part(lines, "when") == [
        "when 2024-05-07 (exact: “Tuesday”)",
        "where Kano, NGA, city (GeoNames 1; 12.0000, 8.5000)",
        "killed 12",
        "said by police",
        "taken as asserted, actual",
        "about military",
        "class CAMEO 19, material conflict, intensity -9",
        "confidence 0.70 (v1)",
        "id event-wire",
    ]
    assert part(lines, "Participants")[2] == "actor Gunmen Gunmen group"
    assert part(lines, "Its figures")[2] == "12 12 people killed total event figure-wire"
    assert "https://wire.example/1" in part(lines, "Read from")
    assert part(lines, "Story of") == [marked_as(line, "wire") for line in STORY]
    assert part(lines, "Claims") == CLAIMS


def test_a_figure_with_its_event_and_claims(show):
    lines = show("figure-update")
    assert lines[0] == "19 people, killed"
    assert "counts as total, event, asserted" in lines
    assert part(lines, "Its event")[1] == "event-update ASSAULT (firearms) Gunmen → people, 2024-05-07, Kano, killed 19"
    assert part(lines, "Story of") == [marked_as(line, "update") for line in STORY]
    # `rival` tells of the same event as `wire`, whose story this is
    assert part(lines, "Claims") == CLAIMS


def test_a_story_by_its_original_article(show):
    lines = show("wire")
    assert lines[:4] == [
        "Kano: wire",
        "2024-05-07 12:00 wire.example en 13 words",
        "https://wire.example/1",
        "article wire",
    ]
    assert part(lines, "Gunmen") == [
        SENTENCE.format(number=12, who="police"),
        "event-wire ASSAULT (firearms) Gunmen → people, 2024-05-07, Kano, killed 12",
        "figure-wire 12 people, killed",
    ]
    assert part(lines, "Story of") == [marked_as(line, "wire") for line in STORY]
    assert part(lines, "Claims") == CLAIMS


def test_a_copy_leads_to_its_original(show):
    lines = show("copy")
    assert SENTENCE.format(number=12, who="police") in lines
    assert "A copy: its facts are those of the original: newsbeam show wire" in lines
    assert part(lines, "Story of") == [marked_as(line, "copy") for line in STORY]


def test_a_claim_alone_is_no_conflict(show):
    lines = show("event-other")
    assert not [line for line in lines if line.startswith(("Claims", "Story"))]


def test_the_start_of_several_ids_is_refused(show):
    assert show("event-", status=2)[-1] == "newsbeam: event- is the start of 4 ids; give more of it"
    assert show("fig", status=2)[-1] == "newsbeam: fig is the start of 4 ids; give more of it"
    assert "no article, event or figure" in show("nothing", status=2)[-1]


def test_without_an_id_the_newest_are_listed(show):
    lines = show("--limit", "1")
    assert part(lines, "Stories of several articles")[2:] == [
        "2024-05-07 Kano: wire 3 1 1 daily.example, radio.example, wire.example wire"
    ]
    assert len(part(lines, "Events")) == len(part(lines, "Figures")) == 3


def test_words_in_brackets_are_printed_as_they_are(show, lake):
    written = Lake(lake)
    rows = [article("brackets", 20, "[/bold] said [red] twice.", "[i].example", title="[b]Talks[/b]")]
    written.commit(change_of([write_rows(written.storage, TABLES["articles"], DAY, rows)], []))
    lines = show("brackets")
    assert lines[0] == "[b]Talks[/b]" and "[/bold] said [red] twice." in lines


def test_a_torn_file_is_told_without_a_traceback(tmp_path, capsys):
    rows = told("torn", 12, 12, "police", "wire.example")
    written = Lake(str(tmp_path))
    files = [write_rows(written.storage, TABLES[ROW_TABLES[type(each)]], DAY, [each]) for each in rows]
    written.commit(change_of(files, []))
    events = next(entry for entry in files if entry.table == "events")
    written.storage.put(events.path, written.storage.get(events.path)[: events.bytes // 2])
    assert main(["show", "event-torn", "--lake", str(tmp_path)]) in (1, 2)
    assert "newsbeam doctor --lake" in capsys.readouterr().err


def test_a_missing_file_is_told_without_a_traceback(tmp_path, capsys):
    rows = told("gone", 12, 12, "police", "wire.example")
    written = Lake(str(tmp_path))
    files = [write_rows(written.storage, TABLES[ROW_TABLES[type(each)]], DAY, [each]) for each in rows]
    written.commit(change_of(files, []))
    written.storage.delete(next(entry.path for entry in files if entry.table == "articles"))
    assert main(["show", "event-gone", "--lake", str(tmp_path)]) == 2
    assert "newsbeam doctor --lake" in capsys.readouterr().err
