"""Everything that is edited without programming: flows, forms, regions, partners, offers, catalogues. Loaded and checked at start."""

from bot.content.assets import Content

__all__ = ["Content"]
