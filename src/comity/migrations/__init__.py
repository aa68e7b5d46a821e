"""Schema migrations. Never edit one that landed."""
