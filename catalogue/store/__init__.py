"""The source of truth. SQL lives here and nowhere else: what comes out are the structs of `rows`.

Nothing is decided here: who calls says what is to be kept, and in which transaction."""
