"""Everything that thinks, stores and sends. See ARCHITECTURE.md for the path of a message."""
