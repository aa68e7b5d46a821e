"""How the shipped weights are made from public data and our own grammar. Needs the extra `training`."""
