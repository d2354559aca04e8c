"""What the feature rows of a date look like, and how far they have moved from those of another."""
