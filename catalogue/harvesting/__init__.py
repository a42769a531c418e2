"""A run of a source from begin to end: what is unchanged, what is gone, what is held, what moved.

What a single record means is never decided here, and no run is ever started by the clock."""
