"""How an account or a conversation ends."""
