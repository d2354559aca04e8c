"""A small generated bank: the demo's data and the tests' ground, made from traits that never leave this room."""
