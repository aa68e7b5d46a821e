"""What is allowed and what follows. Pure: no Django, no clock, no database."""
