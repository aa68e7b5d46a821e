"""What follows from events, and what keeps it going."""
