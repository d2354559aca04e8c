"""Tests of features/profiling."""
