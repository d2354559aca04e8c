"""What a campaign brought: who answered, and how it stands beside its control."""
