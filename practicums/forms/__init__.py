"""What people type about secondments and cases."""
