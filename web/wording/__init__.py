"""How things are said to people: words, labels, facts, sentences, numbers, dates.

Nothing is asked of the catalogue here, and no address is answered."""
