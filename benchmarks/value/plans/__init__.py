"""Whether the ladder proposes what helps: its plans held against the truth of every other one."""
