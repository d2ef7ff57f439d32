"""A world in which Meta has approved the shipped templates."""

from collections.abc import Collection
from dataclasses import replace

from bot.content.templates import load_templates
from bot.domain.templates import Approval, Template
from bot.settings import PROJECT
from bot.storage import templates
from tests.pipeline.world import World

SHIPPED = load_templates(PROJECT)


def sid(template: Template) -> str:
    """The provider's id of a template in these tests."""
    return "HX" + template.name.encode().hex()[-32:].rjust(32, "0")


def approve(world: World, languages: Collection[str] = ("fr", "wo"), approval: Approval = "approved") -> World:
    """Every shipped template of these languages is pushed and approved."""
    world.rt = replace(world.rt, templates=SHIPPED)
    with world.rt.database.writing() as tx:
        for template in SHIPPED.templates.values():
            if template.language in languages:
                templates.save(tx, template.name, sid(template), approval)
    return world
