"""Whom the raises that a learnt policy gives pass over, and what it costs that they pass over nobody."""
