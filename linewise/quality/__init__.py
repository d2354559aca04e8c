"""What counts say and what they do not: shares with intervals, spikes against a history, outliers among peers."""
