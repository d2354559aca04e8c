"""A campaign as marketing writes it, and what is looked at in the file before anybody is looked at."""
