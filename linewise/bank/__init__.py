"""Contract tables: the one format that everything reads, how an extract gets there, what is checked."""
