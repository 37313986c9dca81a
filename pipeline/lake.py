"""Open a lake from Python: pyarrow, pandas, polars, DuckDB.

from newsbeam.pipeline import lake
news = lake.open("./lake")
news.sql("select type, count(*) from events group by all")
news.table("events", dates=["2023-01-29"]).to_pandas()
polars.scan_pyarrow_dataset(news.dataset("events"))
polars.from_arrow(news.table("stories"))
"""

from collections.abc import Collection, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from newsbeam.schemas.tables import TABLES
from newsbeam.schemas.views import FIGURES_CURRENT, VIEWS
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.reading import dataset_of, read_files
from newsbeam.transforms.lake.storage import Storage
from newsbeam.transforms.lake.views import connect

_VIEWS = {view.name for view in (*VIEWS, FIGURES_CURRENT)}


class OpenLake:
    """A lake as it was when it was opened: every read is of the same snapshot."""

    def __init__(self, root: str) -> None:
        self._storage = Storage(root)
        self._snapshot = Lake(self._storage).snapshot()

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return sorted(table.name for table in TABLES.values() if not table.is_state)

    @property
    def views(self) -> list[str]:
        """Names of what is worked out of the tables; `table` and `dataset` take them too."""
        return sorted(_VIEWS)

    def dataset(self, table: str) -> ds.Dataset:
        """A table as a pyarrow dataset, `date` included: filters on it read only the days that they name.

        A view is worked out at once, as a dataset in memory.
        """
        if table in _VIEWS:
            return ds.dataset(self.table(table))
        return dataset_of(self._storage, TABLES[_known(table)], self._snapshot.of(table))

    def table(
        self,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        dates: Collection[str] | None = None,
        filters: pc.Expression | None = None,
    ) -> pa.Table:
        """Rows of a table or view in memory."""
        if table in _VIEWS:
            return self._view(table, columns, dates, filters)
        live = self._snapshot.of(_known(table))
        return read_files(self._storage, TABLES[table], live, columns=columns, dates=dates, filters=filters)

    def sql(self, query: str) -> pa.Table:
        """Answer of a query over the views (docs/tables.md)."""
        with self.connect() as connection:
            return connection.sql(query).to_arrow_table()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with the views of the same snapshot."""
        return connect(self._storage, self._snapshot)

    def _view(
        self, view: str, columns: Sequence[str] | None, dates: Collection[str] | None, filters: pc.Expression | None
    ) -> pa.Table:
        with self.connect() as connection:
            found = connection.table(view)
            if dates is not None:
                days = [duckdb.ConstantExpression(day) for day in dates]
                found = found.filter(duckdb.ColumnExpression("date").isin(*days) if days else "false")
            rows = found.to_arrow_table()
        chosen = rows if filters is None else rows.filter(filters)
        return chosen if columns is None else chosen.select(list(columns))


def open(root: str) -> OpenLake:
    """Open the newest snapshot of a lake. Raises LakeTooNew for a lake of a later release."""
    return OpenLake(root)


def _known(table: str) -> str:
    if table not in TABLES:
        raise ValueError(f"no table is named {table!r}; tables are {sorted(TABLES)}, views {sorted(_VIEWS)}")
    return table
