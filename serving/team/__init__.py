"""What a supervisor sees of a team: figures of suggestions, orders and complaints, and calls to listen to."""
