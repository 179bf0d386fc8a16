"""One search for everything that can be found."""
