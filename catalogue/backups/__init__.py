"""Everything that cannot be rebuilt, in one file, and back out of it.

Nothing is restored by half, and never over what a database holds unless that is asked for."""
