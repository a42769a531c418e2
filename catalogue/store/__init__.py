"""The source of truth. SQL lives here and nowhere else: what comes out are the structs of `rows`."""
