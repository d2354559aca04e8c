"""The desks of customers' own acts: the customer's side, the agent's side, and how an act stands for both."""
