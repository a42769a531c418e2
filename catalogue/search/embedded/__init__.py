"""The embedded engine (tantivy): one folder, one writer, any number of readers.

What is asked for, and what words mean, is never decided here."""
