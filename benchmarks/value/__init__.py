"""What decisions are worth, judged by worlds whose truth is known for every action."""
