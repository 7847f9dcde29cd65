"""What describes the protocol, made from its structs: `help`, the docs, AsyncAPI."""
