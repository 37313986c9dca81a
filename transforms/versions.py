"""Versions of rules and lexicons, part of every row of facts; `newsbeam run --rebuild` brings a lake to these."""

EVENTS_VERSION = "events-3"
FIGURES_VERSION = "figures-3"
#: Both, as a run is named by them.
CODER_VERSION = f"{EVENTS_VERSION} {FIGURES_VERSION}"
