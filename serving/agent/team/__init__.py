"""The supervisor's page: figures of a team, and calls to listen to."""
