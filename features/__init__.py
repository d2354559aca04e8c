"""What is known of a customer as of a date: defined once, built by DuckDB, kept and served by Feast."""
