"""What really happened of what was planned."""
