"""The judge: what the decisions of a release do to a simulated bank whose truth is known."""
