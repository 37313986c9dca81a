"""Work done in another process, which may crash, hang or be killed: messages, the process, its first steps."""
