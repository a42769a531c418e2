"""The ears of the catalogue: one file per kind of source. Nothing here knows the store or the index."""
