"""Row types, their tables and documents."""
