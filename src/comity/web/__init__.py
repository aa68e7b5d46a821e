"""HTTP manners: who asks, bodies, problems, limits, etags."""
