"""JSON for apps and publishers' systems."""
