"""What words mean: analysis, compounds and concepts in four languages.

Nothing is known of documents, indexes or queries here."""
