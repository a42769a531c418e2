"""The house of the catalogue: it keeps, checks and finds what the sources said."""
