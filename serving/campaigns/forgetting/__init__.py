"""What the folders of campaigns hold of one customer, and how it is taken out of our own files."""
