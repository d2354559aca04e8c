"""A simulated bank whose truth is known: the demo's data, the tests' ground and the judge of models and limits."""
