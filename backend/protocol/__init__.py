"""The contract with clients: structs, codec, frames, errors. Pure."""
