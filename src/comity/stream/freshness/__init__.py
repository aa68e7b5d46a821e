"""How a process hears that another one has written."""
