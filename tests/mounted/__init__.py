"""A bare host project with a user model of its own, in which the app is mounted under a prefix."""
