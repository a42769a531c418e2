"""The shapes of XML that several doors answer.

Nothing is asked, negotiated or decided here."""
