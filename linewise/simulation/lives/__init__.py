"""The equations of the simulated bank: people and their months, compiled, one customer after the other."""
