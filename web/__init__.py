"""The face: pages, feeds and APIs over the catalogue. Nothing else knows it."""
