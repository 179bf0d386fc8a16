"""One way to import: upload, preview, commit, undo."""
