"""A feed against the rules without publishing it, and what was found as people and programs read it.

Nothing of a feed that is checked is kept."""
