"""Stand-in for TensorFlow: every name can be imported and subclassed, nothing can be called.

Rasa imports TensorFlow at module level almost everywhere, also for pipelines that never use it. Calling
anything raises `TensorFlowAbsent`, so that a pipeline which does need TensorFlow fails loudly instead of
"training" a model that has learnt nothing.
"""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

ROOTS = ("tensorflow", "keras", "tensorflow_addons", "tensorflow_probability")


class TensorFlowAbsent(RuntimeError):
    """Raised when a component asks TensorFlow to do something."""


class _Meta(type):
    """Makes class attributes (`tf.keras.layers.Dense`) resolvable without end."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{cls.__module__}.{name}")

    def __call__(cls, *args, **kwargs):
        raise TensorFlowAbsent(f"{cls.__name__} needs TensorFlow, which this environment leaves out")


class _Nothing(metaclass=_Meta):
    """Base of every stand-in name."""


def _named(path):
    return _Meta(path.rpartition(".")[2], (_Nothing,), {"__module__": path})


class _Module(ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{self.__name__}.{name}")


class _Finder:
    """Creates any submodule of the absent packages on import."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ROOTS and "." in name:
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Module(spec.name)

    def exec_module(self, module):
        module.__path__ = []


def function(*args, **kwargs):
    """`tf.function` decorates methods while rasa is being imported, so it hands its function back."""
    if args and callable(args[0]):
        return args[0]
    return lambda wrapped: wrapped


def __getattr__(name):
    if name.startswith("__") and name != "__version__":
        raise AttributeError(name)
    return "0.0.0-absent" if name == "__version__" else _named(f"tensorflow.{name}")


sys.meta_path.append(_Finder())
