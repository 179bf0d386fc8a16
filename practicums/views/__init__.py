"""Pages of secondments: the secondee's own, those of who signs and decides, and the files."""
