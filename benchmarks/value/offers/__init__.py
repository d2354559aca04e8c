"""Offers held against the truth: value under budgets, off-policy estimates, stability, and calibration of take-up."""
