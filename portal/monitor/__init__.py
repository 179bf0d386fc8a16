"""What the office watches: the four complaints as numbers, each with its formula and its rows."""
