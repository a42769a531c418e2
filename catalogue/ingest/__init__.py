"""One raw record in, one outcome out: read, identified, compared, decided.

Nothing goes out to the network here, and nothing is known of runs, schedules or pages."""
