"""What answers: scoring on released models, the service, the agent's screen."""
