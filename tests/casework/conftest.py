"""The same world as the pipeline's tests."""

from tests.pipeline.conftest import world

__all__ = ["world"]
