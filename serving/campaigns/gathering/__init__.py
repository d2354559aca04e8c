"""The first pass over a base: who is addressed, what each may be offered, what it is worth, and who falls where."""
