"""Several nodes on one PostgreSQL promise what one does."""
