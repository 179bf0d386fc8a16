"""Loading the catalogue from the files of an office."""
