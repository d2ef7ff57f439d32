"""Train, evaluate, compare and serve what Dellusi understands. `python -m training --help` explains."""
