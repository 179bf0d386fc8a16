"""Who learns and who runs a class: accounts, joining, names."""
