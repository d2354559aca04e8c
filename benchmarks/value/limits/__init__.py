"""Limits against the truth: what raises earn and lose that were learnt from a bank's own past."""
