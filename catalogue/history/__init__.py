"""What changed of each entry, for everybody to see. Nothing is found out here: readings and asked links leave it."""
