"""The features, one module per family that a credit officer would recognise."""
