"""Postings of cards: read from a file as arrays, and gone through once."""
