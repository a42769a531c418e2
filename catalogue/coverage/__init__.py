"""Who publishes what, and who does not: subjects by public body and year, counted from the descriptions alone. Nothing
is written here, and no file is looked into.

What a title, a publisher, a place or a period does not say is not known."""
