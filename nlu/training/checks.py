"""Faults in the sentences: what would teach the model something wrong, or flatter it when it is measured."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from components.names import ENTITIES, INTENTS, LANGUAGES
from wolof import fold_text

from training.data import DEVELOPMENT, TRAINING, DataError, Sentence, hand_files, read_file

LONGEST: Final = 1000
FEWEST: Final = 8  # sentences of one intent from one hand
_NEAR_WORDS: Final = 4  # shorter sentences meet by chance
_NEAR: Final = 0.8


def check(say: Callable[[str], None], *, labels: bool = False) -> dict[str, Any]:
    """Errors (must be mended), warnings (worth a look), the balance, and with `labels` doubtful labels (takes minutes)."""
    errors: list[str] = []
    training, development = _read(TRAINING, errors), _read(DEVELOPMENT, errors)
    say(f"checking {len(training)} training and {len(development)} development sentences")
    errors += [fault for sentence in [*training, *development] for fault in shape_faults(sentence)]
    errors += contradictions(training)
    warnings = [*copies(training), *overlaps(training, development), *thin_intents(training)]
    found: dict[str, Any] = {
        "sentences": len(training) + len(development),
        "errors": errors,
        "warnings": warnings,
        "balance": {language: dict(Counter(s.intent for s in training if s.language == language)) for language in LANGUAGES},
    }
    if labels:
        from training.doubts import doubtful_labels

        found["doubtful"] = doubtful_labels(training, say)
    return found


def _read(folder: Any, errors: list[str]) -> list[Sentence]:
    sentences: list[Sentence] = []
    for language, path in hand_files(folder):
        if language not in LANGUAGES:
            errors.append(f"{path}: {language!r} is no language of ours")
        try:
            sentences += read_file(path, language)
        except DataError as error:
            errors.append(str(error))
    return sentences


def _where(sentence: Sentence) -> str:
    return f"{sentence.file}:{sentence.line}"


def shape_faults(sentence: Sentence) -> Iterable[str]:
    """What is wrong with one sentence by itself."""
    place = _where(sentence)
    if sentence.intent not in INTENTS:
        yield f"{place}: unknown intent {sentence.intent!r}"
    if not sentence.text.strip():
        yield f"{place}: empty sentence"
    if len(sentence.text) > LONGEST:
        yield f"{place}: longer than {LONGEST} characters"
    if not sentence.register:
        yield f"{place}: the file has no `# Register:` line"
    if any(sign in sentence.text for sign in "[]"):
        yield f"{place}: a bracket outside a mark"
    yield from _mark_faults(sentence)


def _mark_faults(sentence: Sentence) -> Iterable[str]:
    for span in sentence.spans:
        if span.entity not in ENTITIES:
            yield f"{_where(sentence)}: unknown entity {span.entity!r}"
        if not span.value.strip():
            yield f"{_where(sentence)}: an empty mark"


def contradictions(sentences: Sequence[Sentence]) -> Iterable[str]:
    """The same words under two intents (one-word answers such as `ok` may mean two things and are left out)."""
    seen: dict[str, Sentence] = {}
    for sentence in sentences:
        key = fold_text(sentence.text)
        first = seen.setdefault(key, sentence)
        if first.intent != sentence.intent and len(key.split()) > 2:
            yield f"{_where(sentence)}: {sentence.intent}, but {first.intent} in {_where(first)}: {sentence.text!r}"


def copies(sentences: Sequence[Sentence]) -> Iterable[str]:
    """A sentence written twice by one hand."""
    seen: dict[tuple[str, str, str], Sentence] = {}
    for sentence in sentences:
        key = (sentence.language, sentence.hand, fold_text(sentence.text))
        first = seen.setdefault(key, sentence)
        if key[2] and first is not sentence:
            yield f"{_where(sentence)}: the same as line {first.line}: {sentence.text!r}"


def overlaps(training: Sequence[Sentence], development: Sequence[Sentence]) -> Iterable[str]:
    """Development sentences nearly contained in training: they measure memory, not understanding."""
    by_word: dict[str, set[int]] = defaultdict(set)
    bags = [frozenset(fold_text(sentence.text).split()) for sentence in training]
    for number, bag in enumerate(bags):
        for word in bag:
            by_word[word].add(number)
    for sentence in development:
        bag = frozenset(fold_text(sentence.text).split())
        if len(bag) < _NEAR_WORDS:
            continue
        rarest = sorted(bag, key=lambda word: len(by_word[word]))[: len(bag) - int(_NEAR * len(bag)) + 1]
        for number in sorted(set().union(*(by_word[word] for word in rarest))):
            if len(bag & bags[number]) >= _NEAR * len(bag | bags[number]):
                yield f"{_where(sentence)}: nearly {_where(training[number])}: {sentence.text!r}"
                break


def thin_intents(sentences: Sequence[Sentence]) -> Iterable[str]:
    """Hands that say too little about an intent. Reviewed messages are of whatever was not understood that month."""
    counts = Counter((sentence.file, sentence.intent) for sentence in sentences)
    for file in sorted({sentence.file for sentence in sentences if not sentence.hand.startswith("reviewed_")}):
        for intent in INTENTS:
            if counts[file, intent] < FEWEST:
                yield f"{file}: only {counts[file, intent]} sentences of {intent}"
