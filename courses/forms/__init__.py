"""What staff type about courses and classes."""
