"""What whoever runs a class sees and does in its workspace: one frame, a tab for each concern."""
