"""Template tags: formatting only."""
