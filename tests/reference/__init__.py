"""What describes the protocol: help, the docs, AsyncAPI."""
