"""The screen of one call: who is on the line, what helps them first, what may be suggested, and how it ended."""
