"""What the postings of card accounts come to: summed where the online store is filled, and kept beside it."""
