"""The names under which newsbeam counts. The README lists them; a test compares the lists."""

NAMESPACE = "newsbeam"
READ = "articles_read"  # articles read from files, before deduplication
NEW = "articles_new"  # articles or revisions written
REFETCHED = "refetched"  # same address and same text as before: nothing written
COPIES = "copies"  # articles linked to a canonical one as copy
UPDATES = "updates"  # articles linked as update or revision
FEEDS_POLLED = "feeds_polled"
ENTRIES_NEW = "entries_new"  # entries of feeds that were not in the last body
PAGES_FETCHED = "pages_fetched"
ENTRY_LAG = "entry_lag_seconds"  # distribution: from publication to the poll that found it
OVERDUE = "feed_overdue_seconds"  # distribution: of the feed of a host that waits longest
EVENTS = "events"
FIGURES = "figures"
REJECTS = "rejects"
CAPPED = "capped_bands"  # near-copy buckets that overflowed their cap
NEWEST_LAG = "newest_lag_seconds"  # of a stream: from the publication of a window's newest article to its commit
SPENT_PARSE = "spent_parse_us"  # microseconds of all workers together; `--profile` shows them
SPENT_EVENTS = "spent_events_us"
SPENT_FIGURES = "spent_figures_us"
