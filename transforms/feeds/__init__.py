"""Feeds in every format, from bytes to entries."""
