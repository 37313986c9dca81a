"""Who did what to whom, where and when."""
