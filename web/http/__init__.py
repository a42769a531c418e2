"""What HTTP asks of every answer: negotiation, caching, compression, security, limits.

Nothing is known of what an answer says."""
