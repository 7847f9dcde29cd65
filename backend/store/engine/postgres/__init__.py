"""PostgreSQL: for several nodes, one of which writes at a time."""
