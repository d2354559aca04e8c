"""The command line: one command per file, each parses and calls one function; nobody imports it."""
