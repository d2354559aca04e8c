"""A release on past dates of the loaded bank, laid beside what the bank did and what became of it."""
