"""Sentences whose label a model doubts that was trained on all other hands: for people to look at, not to be changed by rule."""

from collections.abc import Callable, Sequence

import numpy as np
from components.calibration import best_sharpness, softmax
from components.concepts import word_lists
from components.model import Corpus, Example, unseen_scores
from components.paths import LEXICON
from components.sentences import load_encoder

from training.benchmark import shipped_settings
from training.data import Sentence

SURE = 0.9
MOST = 200


def doubtful_labels(sentences: Sequence[Sentence], say: Callable[[str], None]) -> list[str]:
    """`file:line: intent, but ... (confidence): text`, the surest doubt first, at most `MOST`."""
    say("training on the other hands, fold by fold")
    settings = shipped_settings()
    concepts = word_lists(LEXICON)
    examples = [Example(one.text, one.intent, one.language, one.hand) for one in sentences]
    encoder = load_encoder() if settings.sentence_encoder else None
    scores, names = unseen_scores(Corpus.of(examples, settings, concepts, encoder), settings)
    truth = [names.index(example.intent) for example in examples]
    probabilities = softmax(scores, best_sharpness(scores, truth))
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    doubted = [at for at in np.argsort(-sure, kind="stable") if said[at] != truth[at] and sure[at] >= SURE]
    return [
        f"{sentences[at].file}:{sentences[at].line}: {sentences[at].intent}, but {names[said[at]]} ({sure[at]:.2f}): {sentences[at].text!r}"
        for at in doubted[:MOST]
    ]
