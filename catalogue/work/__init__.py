"""What is done without being asked for: the worker, what serves the portal, and whether all is well.

What is done is written elsewhere; here it is only said when, by whom, and how it ends."""
