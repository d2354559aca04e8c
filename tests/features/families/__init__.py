"""Tests of features/families: vectors worked out by hand."""
