"""Drift: whether what comes in, what is said of it and what becomes of it have moved since the same season."""
