"""Graph assembly, runners and the command line."""
