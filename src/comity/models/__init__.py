"""Tables, constraints, indexes; nothing that has an effect."""
