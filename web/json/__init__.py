"""The shapes that APIs and pages for programs answer.

Nothing is asked, authorised or negotiated here."""
