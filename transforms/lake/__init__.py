"""The lake: files, snapshots, changes, views, compaction."""
