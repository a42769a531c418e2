"""Looking into the files that datasets offer: their first rows, what their columns hold, and their rows for programs.

A file is fetched through the guarded way out and read in a process of its own, with limits; nothing of it is ever run,
and nothing is fetched while somebody looks at a page."""
