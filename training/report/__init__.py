"""What a version of a model is worth on a later time, as figures, pictures and a page that a person reads."""
