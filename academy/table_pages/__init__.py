"""The tables that the office keeps on pages: one set of views over what the apps declare."""
