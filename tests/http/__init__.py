"""HTTP for every room: who may ask, what goes wrong, and health."""
