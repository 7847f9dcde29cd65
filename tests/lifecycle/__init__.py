"""The end of accounts, conversations and messages, down to the bytes of the files."""
