"""What a run does to a lake besides adding rows."""

from typing import Annotated, NamedTuple

from newsbeam.schemas.row import row


@row
class Retired(NamedTuple):
    """Rows of an article that stop being live when the change that adds their successors is committed."""

    article_id: Annotated[str, "the article"]
    revision: Annotated[int, "its revision"]
    date: Annotated[str, "the partition its rows lie in"]
    tables: Annotated[list[str], "the tables whose rows of it are retired"]
