"""What the doors of OGC ask of our search: filter expressions in their languages, and parts of what is found.

Nothing is searched here in another way than everywhere; what our search cannot be asked is refused."""
