"""Write docs/tables.md from the row types and views.

python -m newsbeam.schemas.documentation > docs/tables.md
"""

import sys
from collections.abc import Iterable, Iterator

import pyarrow as pa

from newsbeam.schemas.reject import REASONS
from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import SCHEMA_VERSION, TABLES, Table
from newsbeam.schemas.views import FIGURES_CURRENT, VIEWS, View, duckdb_type

_HEAD = f"""# Tables

Made from `schemas/` by `python -m newsbeam.schemas.documentation`; a test compares. Schema version {SCHEMA_VERSION}.

Every table is partitioned by `date` (a folder `date=YYYY-MM-DD` a day), and every row has it: join on
(`article_id`, `revision`, `date`), and name the day in `WHERE`, so that only its files are read. Times are UTC.
`text[char_start:char_end]` of the article gives the words of a row; in SQL that is
`substring(text, char_start + 1, char_end - char_start)`. A null says that the article does not say.
Columns may be added, always nullable; none is ever renamed, retyped or taken away.
"""


def document() -> str:
    """The whole of docs/tables.md."""
    return "\n".join([_HEAD, *_contents(), *_tables(), *_views(), *_reasons()])


def _user_tables() -> list[Table]:
    order = ["articles", "links", "events", "participants", "figures", "rejects", "fetches"]
    return [TABLES[name] for name in order]


def _contents() -> Iterator[str]:
    yield "| table or view | a row |"
    yield "|---|---|"
    for table in _user_tables():
        yield f"| [{table.name}](#{table.name}) | {table.comment} |"
    for view in (*VIEWS, FIGURES_CURRENT):
        yield f"| [{view.name}](#{view.name}) | {view.comment} |"
    yield ""


def _tables() -> Iterator[str]:
    for table in _user_tables():
        yield f"## {table.name}\n"
        key, order = _listed(table.primary_key), _listed(table.sort_key)
        yield f"{table.comment} Key: {key}; rows lie in the order of {order}.\n"
        yield from _columns((c.name, _lower(c.type), c.nullable, c.comment) for c in columns_of(table.row_type))


def _views() -> Iterator[str]:
    for view in VIEWS:
        yield f"## {view.name}\n"
        yield f"{view.comment} A view.\n"
        yield from _columns(_view_columns(view))
    yield f"## {FIGURES_CURRENT.name}\n"
    yield f"{FIGURES_CURRENT.comment} A view with the columns of [figures](#figures).\n"


def _view_columns(view: View) -> Iterator[tuple[str, str, bool, str]]:
    for name, kind, comment in view.columns:
        yield name, _short(kind), False, comment


def _lower(kind: pa.DataType) -> str:
    return _short(duckdb_type(kind))


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "timestamptz").replace('"', "").lower()


def _columns(columns: Iterable[tuple[str, str, bool, str]]) -> Iterator[str]:
    yield "| column | type | | what it is |"
    yield "|---|---|---|---|"
    for name, kind, is_nullable, comment in columns:
        yield f"| `{name}` | {kind} | {'null' if is_nullable else ''} | {comment} |"
    yield ""


def _reasons() -> Iterator[str]:
    yield "## Reasons of rejects\n"
    yield "| reason | when |"
    yield "|---|---|"
    for reason, meaning in REASONS.items():
        yield f"| `{reason}` | {meaning} |"
    yield ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(document())
