"""Taking a seat, waiting for one, giving one back, and who approves it."""
