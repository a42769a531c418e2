"""Elasticsearch, version 8 and 9: one index behind an alias.

What is asked for, and what words mean, is never decided here."""
