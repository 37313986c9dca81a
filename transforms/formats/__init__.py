"""Files in every format, from bytes to articles."""
