"""Tables of the host's app."""
