"""What every page shares: middleware, the frame, forms, files."""
