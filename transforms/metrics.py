"""The names under which newsbeam counts. The README lists them; a test compares the lists."""

NAMESPACE = "newsbeam"
READ = "articles_read"  # articles parsed from files, feeds and pages, before deduplication
NEW = "articles_new"  # articles or revisions written
REFETCHED = "refetched"  # same address and same text as before: nothing written
COPIES = "copies"  # articles linked to a canonical one as copy
UPDATES = "updates"  # articles linked as update or revision
EVENTS = "events"
FIGURES = "figures"
REJECTS = "rejects"
UNCODED = "uncoded_language"  # articles kept but not read for facts: not English
CAPPED = "capped_bands"  # near-copy buckets that overflowed their cap
