"""A feed against the rules without publishing it, as people and programs read it, and what answers at an address.

Nothing of a feed that is checked is kept."""
