"""The fault matrix: each trouble of the provider at each step of a whole conversation, played against a running service."""
