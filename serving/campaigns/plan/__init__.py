"""A plan as it lies in a home: its files, what it expects by tenths, the page that an approver reads."""
