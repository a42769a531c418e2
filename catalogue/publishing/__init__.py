"""What is published, read from the store and joined: entries, publishers, feeds, files.

Nothing is decided, repaired or fetched here."""
