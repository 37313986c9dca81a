"""Web pages: text, dates, language."""
