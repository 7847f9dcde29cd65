"""Files: uploaded, sent, served, swept."""
