"""How many: numbers, what they count and what happened to it."""
