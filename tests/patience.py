"""How long what takes a moment may take at most, on a machine that is five times as slow and busy besides."""

ENOUGH = 30.0
"""Seconds of processor time. What is quadratic or worse takes minutes with the inputs of these tests."""
