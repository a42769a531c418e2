"""The language of the catalogue: DCAT-AP 3.0.1 as Python structs, and RDF in and out."""
