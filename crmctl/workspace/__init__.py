"""A workspace opened: its configuration and store, and the operations on them, a module each."""
