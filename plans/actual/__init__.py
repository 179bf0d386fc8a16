"""Plan against actual: which item a class carries out, and what was held of what was planned."""
