"""Views that are worked out of the tables: their columns, what each means, and the SQL that defines them.

They are plain SQL over the views of the tables, so that every DuckDB reads them.
"""

from typing import NamedTuple

import pyarrow as pa


class View(NamedTuple):
    """A derived view: its columns as (name, DuckDB type, comment)."""

    name: str
    comment: str
    columns: tuple[tuple[str, str, str], ...]
    sql: str


_STORIES = """
WITH newest AS (
    SELECT article_id, max(revision) AS revision FROM articles GROUP BY article_id
), latest AS (
    SELECT a.article_id, a.revision, a.date, a.title, a.source, a.url,
        coalesce(a.published_at, a.ingested_at) AS said_at
    FROM articles a SEMI JOIN newest n ON a.article_id = n.article_id AND a.revision = n.revision
), leads AS (
    SELECT article_id, arg_max(canonical_id, revision) AS canonical_id,
        CASE WHEN bool_or(relation = 'copy') THEN 'copy' ELSE 'update' END AS relation
    FROM links WHERE relation IN ('copy', 'update') OR relation = 'revision' AND revision = 0 GROUP BY article_id
), linked AS (
    SELECT leads.article_id, leads.relation, coalesce(further.canonical_id, leads.canonical_id) AS story_id
    FROM leads LEFT JOIN leads further ON further.article_id = leads.canonical_id
), members AS (
    SELECT story_id, relation, latest.* FROM linked JOIN latest USING (article_id)
    UNION ALL BY NAME
    SELECT article_id AS story_id, 'original' AS relation, *
    FROM latest SEMI JOIN linked ON latest.article_id = linked.story_id
)
SELECT story_id,
    coalesce(any_value(date) FILTER (WHERE relation = 'original'), min(date)) AS date,
    any_value(title) FILTER (WHERE relation = 'original') AS title,
    any_value(url) FILTER (WHERE relation = 'original') AS url,
    coalesce(list_sort(list(DISTINCT source) FILTER (WHERE source IS NOT NULL)), []) AS sources,
    min(said_at) AS first_seen,
    max(said_at) AS last_seen,
    count(*) AS articles,
    count(*) FILTER (WHERE relation = 'copy') AS copies,
    count(*) FILTER (WHERE relation = 'update') AS updates,
    len(sources) AS publishers,
    coalesce(len(list(DISTINCT source) FILTER (WHERE source IS NOT NULL AND relation <> 'copy')), 0)
        AS independent_publishers
FROM members GROUP BY story_id
UNION ALL BY NAME
-- most articles stand alone: grouping them too took five times as long
SELECT article_id AS story_id, date, title, url,
    CASE WHEN source IS NULL THEN [] ELSE [source] END AS sources,
    said_at AS first_seen, said_at AS last_seen, 1 AS articles, 0 AS copies, 0 AS updates,
    len(sources) AS publishers, len(sources) AS independent_publishers
FROM latest
    ANTI JOIN linked ON latest.article_id = linked.article_id
    ANTI JOIN linked stories ON latest.article_id = stories.story_id
"""

_TOLLS = """
WITH stated AS (
    SELECT e.event_key, f.effect, e.event_date, e.place_name, e.place_country, f.figure_id, f.article_id, f.date,
        f.sentence_index, f.char_start, e.published_at, f.value, f.bound, f.surface, f.attribution,
        coalesce(f.value_low, CASE WHEN f.bound = 'max' THEN 0 WHEN f.bound = 'approx' THEN f.value * 0.9
            WHEN f.bound = 'none' THEN 0 ELSE f.value END) AS low,
        coalesce(f.value_high, CASE WHEN f.bound = 'min' THEN NULL WHEN f.bound = 'approx' THEN f.value * 1.1
            WHEN f.bound = 'none' THEN 0 ELSE f.value END) AS high
    FROM figures f JOIN events e
        ON f.event_id = e.event_id AND f.article_id = e.article_id AND f.date = e.date
    WHERE f.effect IS NOT NULL AND f.polarity = 'asserted' AND f.relation = 'total'
        -- no count over months or per day; one over the week or month that the event itself is dated by
        AND (f.scope IN ('event', 'unknown') OR (f.scope = 'period' AND f.period_start = e.event_date
            AND f.period_end <= f.period_start + INTERVAL 31 DAY))
), claims AS (
    -- the totals of one sentence are of different people: "nine policemen and four civilians"
    SELECT event_key, effect, article_id, date, sentence_index,
        min(event_date) AS event_date, min(place_name) AS place_name, min(place_country) AS place_country,
        min(published_at) AS published_at, arg_min(figure_id, char_start) AS figure_id,
        CASE WHEN count(value) = count(*) THEN sum(value) END AS value,
        sum(low) AS low,
        CASE WHEN count(high) = count(*) THEN sum(high) END AS high,
        CASE WHEN count(DISTINCT bound) = 1 THEN min(bound) WHEN count(high) < count(*) THEN 'min'
            ELSE 'approx' END AS bound,
        string_agg(surface, ' + ' ORDER BY char_start) AS surface,
        min(attribution) AS attribution
    FROM stated WHERE low IS NOT NULL OR high IS NOT NULL
    GROUP BY event_key, effect, article_id, date, sentence_index
)
SELECT event_key, effect,
    min(event_date) AS event_date,
    min(place_name) AS place_name,
    min(place_country) AS place_country,
    min(coalesce(value, low)) AS low,
    max(coalesce(value, high, low)) AS high,
    count(*) AS claim_count,
    list({'published_at': published_at, 'article_id': article_id, 'figure_id': figure_id, 'value': value,
        'low': low, 'high': high, 'bound': bound, 'surface': surface, 'attribution': attribution}
        ORDER BY published_at, article_id, figure_id) AS claims,
    coalesce(max(low) > min(high), false) AS is_conflicting
FROM claims GROUP BY event_key, effect
"""

_FIGURES_CURRENT = """
WITH leads AS (
    SELECT article_id, arg_max(canonical_id, revision) AS canonical_id
    FROM links WHERE relation IN ('copy', 'update') OR relation = 'revision' AND revision = 0 GROUP BY article_id
), told AS (
    SELECT f.*, coalesce(a.published_at, a.ingested_at) AS said_at,
        -- a toll of the year corrects no toll of the day
        CASE WHEN f.scope IN ('cumulative', 'period') THEN concat(f.scope, f.period_start) END AS span,
        CASE WHEN e.event_key IS NOT NULL AND f.effect IS NOT NULL
            THEN concat_ws(chr(31), 'event', e.event_key, f.effect, f.relation, list_sort(f.groups)::VARCHAR, span)
        WHEN f.noun IS NOT NULL
            THEN concat_ws(chr(31), 'story', coalesce(l.canonical_id, f.article_id), f.kind, f.noun, f.unit,
                coalesce(f.effect, ''), f.relation, list_sort(f.groups)::VARCHAR, span)
        ELSE f.figure_id END AS subject
    FROM figures f
    JOIN articles a ON a.article_id = f.article_id AND a.revision = f.revision AND a.date = f.date
    LEFT JOIN events e ON e.event_id = f.event_id AND e.article_id = f.article_id AND e.date = f.date
    LEFT JOIN leads l ON l.article_id = f.article_id
    WHERE f.relation <> 'previous' AND f.polarity <> 'denied'
)
SELECT * EXCLUDE (said_at, span, subject) FROM told
QUALIFY (said_at, article_id) = max((said_at, article_id)) OVER (PARTITION BY subject)
"""

_CLAIM = (
    'STRUCT(published_at TIMESTAMP WITH TIME ZONE, article_id VARCHAR, figure_id VARCHAR, "value" DOUBLE,'
    " low DOUBLE, high DOUBLE, bound VARCHAR, surface VARCHAR, attribution VARCHAR)[]"
)

VIEWS = (
    View(
        "stories",
        "One row per story: a canonical article with its copies and updates.",
        (
            ("story_id", "VARCHAR", "article_id of the canonical article: the earliest to tell it"),
            (
                "date",
                "DATE",
                "publication day of the canonical article, UTC; of the earliest that is left where that one expired",
            ),
            ("title", "VARCHAR", "its headline; null where it expired"),
            ("url", "VARCHAR", "its address"),
            ("sources", "VARCHAR[]", "all publishers, in alphabetical order"),
            ("first_seen", "TIMESTAMP WITH TIME ZONE", "earliest publication (else ingestion) of its articles"),
            ("last_seen", "TIMESTAMP WITH TIME ZONE", "latest publication (else ingestion) of its articles"),
            ("articles", "BIGINT", "articles that tell it, the canonical one included"),
            ("copies", "BIGINT", "of these, the same report again"),
            (
                "updates",
                "BIGINT",
                "of these, the same story with other facts, or another version under an id of its own",
            ),
            ("publishers", "BIGINT", "publishers of any of them"),
            (
                "independent_publishers",
                "BIGINT",
                "publishers of other articles than copies: a syndicated copy is no second source",
            ),
        ),
        _STORIES,
    ),
    View(
        "tolls",
        "One row per event (across articles) and effect: how many were killed, injured …, by whose account.",
        (
            ("event_key", "VARCHAR", "the event, equal in all articles that tell it"),
            ("effect", "VARCHAR", "what happened to the people: killed, injured, missing …"),
            ("event_date", "DATE", "first day of the event"),
            ("place_name", "VARCHAR", "where"),
            ("place_country", "VARCHAR", "ISO 3166-1 alpha-3"),
            ("low", "DOUBLE", "least number claimed"),
            ("high", "DOUBLE", "greatest number claimed"),
            ("claim_count", "BIGINT", "claims, over all articles"),
            (
                "claims",
                _CLAIM,
                "what each sentence of an article states, its totals added up, with time and words, oldest first",
            ),
            ("is_conflicting", "BOOLEAN", "whether no number satisfies all claims"),
        ),
        _TOLLS,
    ),
)

#: Named like `figures`, with its columns.
FIGURES_CURRENT = View(
    "figures_current",
    "Figures that no later article of the same event or story corrects; previous and denied numbers are left out.",
    (),
    _FIGURES_CURRENT,
)


def duckdb_type(kind: pa.DataType) -> str:
    """DuckDB's name of a column type."""
    if pa.types.is_dictionary(kind):
        return duckdb_type(kind.value_type)
    if pa.types.is_list(kind):
        return f"{duckdb_type(kind.value_type)}[]"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP WITH TIME ZONE"
    names = {
        "string": "VARCHAR",
        "int64": "BIGINT",
        "int32": "INTEGER",
        "int8": "TINYINT",
        "double": "DOUBLE",
        "float": "FLOAT",
        "bool": "BOOLEAN",
        "binary": "BLOB",
        "date32[day]": "DATE",
    }
    return names[str(kind)]
