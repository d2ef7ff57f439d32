"""Stand-in for Keras; see the `tensorflow` module beside it."""

import tensorflow


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(tensorflow, name)
