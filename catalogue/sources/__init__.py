"""Registering, changing and scheduling harvest sources, their producers' keys, and how we go out to them.

Nothing is fetched, read or published here."""
