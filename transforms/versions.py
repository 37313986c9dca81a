"""Versions of rules and lexicons, part of every row of facts; `newsbeam run --rebuild` brings a lake to these."""

EVENTS_VERSION = "events-4"
FIGURES_VERSION = "figures-4"
#: Both, as a run is named by them.
CODER_VERSION = f"{EVENTS_VERSION} {FIGURES_VERSION}"
