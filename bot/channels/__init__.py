"""Two-way ways to people, one file per provider: our words out, the provider's words in, and no server."""
