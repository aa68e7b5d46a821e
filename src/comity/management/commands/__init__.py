"""Django management commands: what operators of a mounted app use in place of the comity command."""
