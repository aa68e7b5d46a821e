"""Heavier judges that a site may turn on: none is called unless it was. Each with time-out and circuit breaker."""
