"""Which words are about a danger: they go at night, past every limit, and to people who stopped us."""

from bot.content import Content
from bot.domain.understanding import DANGER


def about_danger(content: Content, node: str) -> bool:
    """Whether a flow for danger says this. `node` is where it was said, `flow.node`."""
    flow = content.flows.flows.get(node.partition(".")[0])
    return flow is not None and any(intent.startswith(DANGER) for trigger in flow.triggers for intent in trigger.intents)
