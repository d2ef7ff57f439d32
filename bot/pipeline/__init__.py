"""The path of a message: receive, understand, advance, persist; then dispatch and confirm."""
