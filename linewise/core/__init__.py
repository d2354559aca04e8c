"""What every room needs and none owns: errors, settings, the home folder, the bank clock, money."""
