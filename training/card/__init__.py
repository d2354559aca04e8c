"""The card of a version of a model: what it is for, what it was made of, how good it is, and who let it serve."""
