"""Reading and writing single values: names, telephone numbers, codes, numbers, pasted text."""
