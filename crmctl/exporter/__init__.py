"""Records and rows to files: whole or not at all, and such that importing them gives back what was."""
