"""HTTP for every room: middleware, responses, bodies, origins; and health."""
