"""The HTTP side: register, log in, tokens, passwords."""
