"""Lets `rasa train nlu` read hand files, with language and hand kept beside every sentence."""

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from training.data import TRAINING, Sentence, distinct, read_folder


def as_message(sentence: Sentence) -> Message:
    """A sentence as Rasa's message; the metadata of its example hold language, hand and register."""
    entities = [{"entity": span.entity, "value": span.value, "start": span.start, "end": span.end} for span in sentence.spans]
    metadata = {"language": sentence.language, "hand": sentence.hand, "register": sentence.register}
    return Message.build(text=sentence.text, intent=sentence.intent, entities=entities, example_metadata=metadata)


class HandFiles(TrainingDataImporter):
    """All hands below `nlu/data`, whatever path `rasa train nlu` is given unless it holds `<language>/*.yml` itself."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **_: Any,
    ) -> None:
        """Signature given by Rasa; `domain_path` is ignored (there is no dialogue here)."""
        self._config_file = config_file
        paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        self._folders = [Path(path) for path in paths if list(Path(path).glob("*/*.yml"))] or [TRAINING]

    def get_domain(self) -> Domain:
        """No domain: this is understanding only."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """No stories: this is understanding only."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """No stories to test."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """The pipeline file."""
        return dict(read_model_configuration(self._config_file)) if self._config_file else {}

    def get_config_file_for_auto_config(self) -> str | None:
        """The pipeline file's path."""
        return self._config_file

    def get_nlu_data(self, language: str | None = "fr") -> TrainingData:
        """Every distinct sentence. Raises DataError for a file that cannot be read."""
        sentences = distinct(sentence for folder in self._folders for sentence in read_folder(folder))
        return TrainingData([as_message(sentence) for sentence in sentences])
