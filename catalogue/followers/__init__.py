"""Letters to people who follow an entry or a search without an account. Nothing is sent to anybody who has not
confirmed, and nothing of them is kept but their address and what they follow."""
