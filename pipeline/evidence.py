"""Print facts for people: the sentence with its words marked, what was read from it, and beside what it stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsbeam.pipeline.sql import cell_of, table_of

Row = dict[str, Any]

_STYLES = {"trigger": "bold red", "actor": "bold green", "recipient": "bold blue", "figure": "bold yellow"}
_QUADS = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
_BOUNDS = {"eq": "", "range": "", "approx": "about ", "min": "at least ", "max": "at most "}
_ID_LETTERS = 12  # enough to be the only one; `show` takes it


def print_table(console: Console, title: str, rows: Sequence[Row]) -> None:
    """Rows under a title, ids cut to what `show` takes; nothing where there are none."""
    if rows:
        names = [name for name in rows[0] if any(row[name] not in (None, []) for row in rows)]
        console.print(f"\n{title}", style="bold")
        console.print(table_of(names, [tuple(_cell(name, row[name]) for name in names) for row in rows]))


def print_article(
    console: Console,
    article: Row,
    events: Sequence[Row],
    people: Sequence[Row],
    figures: Sequence[Row],
    story: Sequence[Row],
) -> None:
    """An article: each sentence that says something, and what was read from it."""
    _print_head(console, article)
    (own,) = [each for each in story if each["article_id"] == article["article_id"]]
    if not events and not figures:
        text = " ".join(article["text"].split())
        console.print(Padding(text if len(text) <= 600 else f"{text[:600]} …", (1, 0, 0, 0)), markup=False)
        if own["relation"] == "copy":
            original = next((each for each in story if each["relation"] == "original"), None)
            told = f": newsbeam show {original['article_id'][:_ID_LETTERS]}" if original else ""
            console.print(f"\nA copy: its facts are those of the original{told}", highlight=False, markup=False)
    marks = _marks(events, people, figures)
    for index in sorted({fact["sentence_index"] for fact in (*events, *figures)}):
        inside = [fact for fact in (*events, *figures) if fact["sentence_index"] == index]
        console.print()
        console.print(_marked(article["text"], inside[0], marks))
        lines = Table.grid(padding=(0, 2))
        for fact in inside:
            is_event = "trigger" in fact
            line = _event_line(fact) if is_event else _figure_line(fact)
            lines.add_row(Text(_cell("_id", fact["event_id" if is_event else "figure_id"]), style="dim"), Text(line))
        console.print(Padding(lines, (0, 0, 0, 4)))


def print_event(console: Console, event: Row, people: Sequence[Row], figures: Sequence[Row], article: Row) -> None:
    """An event: its sentence, then who, when, where, how many, by whose account."""
    console.print(Text(f"{event['type']} {_event_line(event).removeprefix(event['type']).strip()}", style="bold"))
    console.print()
    console.print(_marked(article["text"], event, _marks([event], people, figures)))
    place = [event["place_name"], event["place_country"], event["place_precision"]]
    where = ", ".join(filter(None, place)) or f"no place: {event['place_reason'] or 'not stated'}"
    if event["place_id"]:
        where += f" (GeoNames {event['place_id']}; {event['lat']:.4f}, {event['lon']:.4f})"
    last = event["event_date_end"] or event["event_date"]
    dates = _span(event["event_date"], last) or "no day"
    words = f": “{event['date_text']}”" if event["date_text"] else ""
    _print_pairs(
        console,
        ("when", f"{dates} ({event['date_type']}{words})"),
        ("where", where),
        ("killed", _span(event["killed_min"], event["killed_max"])),
        ("injured", _span(event["injured_min"], event["injured_max"])),
        ("taking part", _span(event["size_min"], event["size_max"])),
        ("said by", event["attribution"]),
        ("taken as", f"{event['polarity']}, {event['realis']}"),
        ("about", ", ".join(event["contexts"])),
        ("class", f"CAMEO {event['cameo_root']}, {_QUADS[event['quad']]}, intensity {event['intensity']:g}"),
        ("confidence", f"{event['confidence']:.2f} ({event['coder_version']})"),
        ("id", event["event_id"]),
    )
    print_table(
        console, "Participants", [_chosen(person, "role text name kind country sector method") for person in people]
    )
    print_table(console, "Its figures", [_figure_cells(figure) for figure in figures])


def print_figure(console: Console, figure: Row, events: Sequence[Row], others: Sequence[Row], article: Row) -> None:
    """A figure: its sentence, then what it counts, of when and where, by whose account."""
    console.print(Text(_figure_line(figure), style="bold"))
    console.print()
    console.print(_marked(article["text"], figure, _marks([], [], [figure])))
    place = ", ".join(filter(None, [figure["place_name"], figure["place_country"]]))
    _print_pairs(
        console,
        ("number", _number(figure)),
        ("of", figure["noun_phrase"] or figure["noun"]),
        ("kind", figure["kind"]),
        ("unit", figure["currency"] or figure["unit"]),
        ("per", figure["per"]),
        ("change", figure["change"]),
        ("what happened", figure["effect"]),
        ("who they are", ", ".join(figure["groups"])),
        ("counts as", f"{figure['relation']}, {figure['scope']}, {figure['polarity']}"),
        ("when", _span(figure["period_start"], figure["period_end"])),
        ("where", place),
        ("said by", figure["attribution"]),
        ("confidence", f"{figure['confidence']:.2f} ({figure['coder_version']})"),
        ("id", figure["figure_id"]),
    )
    whole = [other for other in others if other["figure_id"] == figure["part_of"]]
    parts = [other for other in others if other["part_of"] == figure["figure_id"]]
    print_table(console, "Part of", [_figure_cells(other) for other in whole])
    print_table(console, "Its parts", [_figure_cells(other) for other in parts])
    for event in events:
        console.print("\nIts event", style="bold")
        console.print(f"{_cell('_id', event['event_id'])}  {_event_line(event)}", highlight=False, markup=False)


def print_source(console: Console, article: Row) -> None:
    """The article that a fact was read from."""
    console.print("\nRead from", style="bold")
    _print_head(console, article)


def print_story(console: Console, story: Sequence[Row], article_id: str) -> None:
    """All articles of a story; the one at hand is marked."""
    rows = []
    for each in story:
        relation = each["relation"] + (f", revision {each['revision']}" if each["revision"] else "")
        mark = ">" if each["article_id"] == article_id else ""
        rows.append(
            {"": mark, "relation": relation, **_chosen(each, "published_at source title similarity article_id")}
        )
    print_table(console, f"Story of {len(story)} articles", rows)


def print_claims(console: Console, claims: Iterable[Sequence[Row]]) -> None:
    """What is claimed of each effect of an event, by whom; in red where no number satisfies all."""
    for said in claims:
        low = max((claim["low"] for claim in said if claim["low"] is not None), default=None)
        high = min((claim["high"] for claim in said if claim["high"] is not None), default=None)
        is_conflicting = low is not None and high is not None and low > high
        values = [value for claim in said for value in (claim["low"], claim["high"]) if value is not None]
        span = _span(min(values), max(values)) if values else ""
        title = Text(f"\nClaims: {said[0]['effect']} {span}", style="bold")
        if is_conflicting:
            title.append("  they conflict", style="bold red")
        console.print(title)
        rows = [
            (_cell("_at", claim["published_at"]), _number(claim), claim["surface"], claim["attribution"],
             claim["source"], _cell("_id", claim["figure_id"]))
            for claim in said
        ]  # fmt: skip
        console.print(table_of(["published_at", "number", "words", "said by", "source", "figure_id"], rows))


def _print_head(console: Console, article: Row) -> None:
    console.print(Text(article["title"] or "(no title)", style="bold"))
    published = _cell("_at", article["published_at"]) or f"{article['date']} ({article['date_source']})"
    source = article["source"] or article["origin"]
    revision = f"revision {article['revision']}" if article["revision"] else ""
    facts = [published, source, article["language"], f"{article['word_count']} words", revision]
    console.print("  ".join(filter(None, facts)), highlight=False, markup=False)
    if article["url"]:
        console.print(article["url"], highlight=False, markup=False, soft_wrap=True)
    console.print(f"article {article['article_id']}", style="dim", highlight=False, markup=False)


def _print_pairs(console: Console, *pairs: tuple[str, Any]) -> None:
    grid = Table.grid(padding=(0, 2))
    for name, value in pairs:
        if value not in (None, ""):
            grid.add_row(Text(name, style="dim"), Text(str(value)))
    console.print(Padding(grid, (1, 0, 0, 0)))


def _event_line(event: Row) -> str:
    mode = f" ({event['mode']})" if event["mode"] else ""
    sides = " → ".join([event["actor_name"] or "?", event["recipient_name"] or "?"])
    tolls = [f"{name} {_span(event[f'{name}_min'], event[f'{name}_max'])}" for name in ("killed", "injured")]
    known = [event["event_date"], event["place_name"], *(toll for toll in tolls if not toll.endswith(" "))]
    denied = ["negated"] if event["polarity"] == "negated" else []
    unreal = [event["realis"]] if event["realis"] != "actual" else []
    return ", ".join([f"{event['type']}{mode} {sides}", *(str(part) for part in (*known, *denied, *unreal) if part)])


def _figure_line(figure: Row) -> str:
    is_people = figure["kind"] == "people"
    what = figure["noun_phrase"] or figure["noun"] or ("people" if is_people else figure["unit"] or figure["kind"])
    said = [f"{_number(figure)} {figure['currency'] or ''} {what}".replace("  ", " "), figure["effect"]]
    said += [figure["relation"] if figure["relation"] != "total" else None]
    said += [figure["polarity"] if figure["polarity"] != "asserted" else None]
    return ", ".join(part for part in said if part)


def _figure_cells(figure: Row) -> Row:
    return {"number": _number(figure), **_chosen(figure, "surface noun_phrase effect relation scope figure_id")}


def _number(figure: Row) -> str:
    """A number with its bound; a range or a vague word as its span."""
    if figure["bound"] == "none":
        return "none"
    if figure["value"] is not None:
        return f"{_BOUNDS.get(figure['bound'], '')}{_plain(figure['value'])}"
    low, high = (figure.get(f"value_{side}", figure.get(side)) for side in ("low", "high"))
    return _span(low, high) or figure["surface"]


def _span(low: Any, high: Any) -> str:
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"≥ {_plain(low)}" if high is None else f"≤ {_plain(high)}"
    return _plain(low) if low == high else f"{_plain(low)} to {_plain(high)}"


def _plain(value: Any) -> str:
    return f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_id"):
        return str(value)[:_ID_LETTERS]
    if name.endswith("_at"):
        return str(value.strftime("%Y-%m-%d %H:%M"))
    return cell_of(value)


def _chosen(row: Row, names: str) -> Row:
    return {name: row[name] for name in names.split()}


def _marks(events: Iterable[Row], people: Iterable[Row], figures: Iterable[Row]) -> list[tuple[int, int, str]]:
    """Spans of the text with their styles; what comes later wins where they overlap."""
    marks = [(person["char_start"], person["char_end"], _STYLES[person["role"]]) for person in people]
    marks += [(event["trigger_start"], event["trigger_end"], _STYLES["trigger"]) for event in events]
    return marks + [(figure["char_start"], figure["char_end"], _STYLES["figure"]) for figure in figures]


def _marked(text: str, fact: Row, marks: Iterable[tuple[int, int, str]]) -> Text:
    """The sentence of a fact, marked."""
    sentence = fact["sentence"]
    inside = fact["trigger_start"] if "trigger" in fact else fact["char_start"]
    start = text.rfind(sentence, 0, inside + len(sentence))
    shown = Text(sentence)
    for begin, end, style in marks:
        if start <= begin and end <= start + len(sentence):
            shown.stylize(style, begin - start, end - start)
    return shown
