"""The parts of a spaCy pipeline that newsbeam computes itself, to the same result."""
