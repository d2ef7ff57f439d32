"""The tools an author of flows works with: conversations as tests, costs, translations, pictures, the book of paths."""
