"""The base as a whole: what is solved over it, what is left of its budgets, and what the core system made of it."""
