"""Search: the seam (`base`), what can be filtered (`facets`), how text becomes terms (`analysis`), and the engines."""
