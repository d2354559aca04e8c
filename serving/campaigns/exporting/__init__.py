"""From an approved plan to the files that leave the bank."""
