"""Tests of features/card_use/."""
