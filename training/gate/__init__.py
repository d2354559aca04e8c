"""The gate before a promotion: what a version must reach, read from a file, and whether it does."""
