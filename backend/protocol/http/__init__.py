"""What is asked and answered over HTTP, as data: each route's declaration, and its structs."""
