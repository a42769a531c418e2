"""What readers ask about entries, without an account, and what publishers answer. Nothing is shown that nobody let
through, and no address of a reader to anybody."""
