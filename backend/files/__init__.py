"""Files: how they come in, what they are, where they lie, and who gets them."""
