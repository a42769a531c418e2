"""Asking the addresses that entries lead to: which work, since when, and what the files are. Nothing that is measured
here changes what a source said."""
