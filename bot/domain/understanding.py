"""What one text means: intent, confidence, entities, language. Made by the understanding service, or nothing when it is away."""

from dataclasses import dataclass

Language = str

DANGER = "danger_"


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the text that names something. `canonical` is the resolved form where there is exactly one."""

    name: str
    value: str
    start: int
    end: int
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """One possible intent; confidences of a ranking are calibrated between 0 and 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one text. `source` says who found it: `nlu`, `phrases` (danger words without NLU) or `nothing`. `named`: the danger
    stands in its words; False where only the likeness to other texts speaks for it."""

    ranking: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()
    language: Language | None = None
    danger: str | None = None
    source: str = "nothing"
    named: bool = True

    def without_meaning(self) -> "Understanding":
        """As nothing but its letters: a name."""
        return Understanding(source=self.source)

    @property
    def intent(self) -> str | None:
        """The first intent, danger before everything."""
        if self.danger:
            return self.danger
        return self.ranking[0].intent if self.ranking else None

    @property
    def confidence(self) -> float:
        """Confidence in `intent`. Danger counts as certain: missing one costs far more than raising one too many."""
        if self.danger:
            return 1.0
        return self.ranking[0].confidence if self.ranking else 0.0

    def entity(self, name: str) -> Entity | None:
        """The first entity of that name."""
        return next((entity for entity in self.entities if entity.name == name), None)


NOTHING = Understanding()
