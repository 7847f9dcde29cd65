"""Parley as it is installed, served to the world, and replaced by its next version."""
