"""Every write: one function, one transaction, one recorded event."""
