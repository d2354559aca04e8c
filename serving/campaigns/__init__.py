"""Marketing's work on the whole base: a campaign from its file to the lift that it had."""
