from pathlib import Path

from newsbeam.schemas.documentation import document
from newsbeam.schemas.reject import REASONS
from newsbeam.schemas.row import columns_of
from newsbeam.schemas.tables import TABLES
from newsbeam.schemas.views import VIEWS

DOCUMENT = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_document_is_up_to_date():
    """Else: python -m newsbeam.schemas.documentation > docs/tables.md"""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_column_and_reason_is_in_it():
    text = document()
    for table in TABLES.values():
        if not table.is_state:
            section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
            for column in columns_of(table.row_type):
                assert f"| `{column.name}` |" in section
                assert column.comment in section
    for view in VIEWS:
        assert f"\n## {view.name}\n" in text
    for reason in REASONS:
        assert f"| `{reason}` |" in text


def test_comments_fit_a_row_of_a_table():
    for table in TABLES.values():
        for column in columns_of(table.row_type):
            assert "|" not in column.comment
            assert "\n" not in column.comment
