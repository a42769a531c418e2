"""What the index follows: entries of the store as documents of search, kept in step.

The store is never changed here, but for what it remembers of the index."""
