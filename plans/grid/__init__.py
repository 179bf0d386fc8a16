"""Items changed in the table of their plan: what a cell shows, what a page sends, all of it or
nothing written."""
