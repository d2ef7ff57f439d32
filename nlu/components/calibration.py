"""From scores to probabilities that mean what they say, and thresholds with a known price."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

Array = np.ndarray[Any, Any]


def softmax(scores: Array, sharpness: float) -> Array:
    """Probabilities along the last axis of `sharpness * scores`."""
    scaled = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def best_sharpness(scores: Array, truth: Sequence[int]) -> float:
    """The sharpness (inverse temperature) with the least log loss on scores made without seeing `truth`."""
    rows, columns = np.arange(len(truth)), np.asarray(truth)

    def loss(logarithm: float) -> float:
        return float(-np.log(np.maximum(softmax(scores, np.exp(logarithm))[rows, columns], 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))


def threshold_at(scores: Array, positive: Array, false_alarms: float) -> float:
    """The lowest threshold at which at most that share of the negatives scores above it."""
    negatives = np.sort(scores[~positive])[::-1]
    if not len(negatives):
        return 0.5
    return float(negatives[min(int(false_alarms * len(negatives)), len(negatives) - 1)]) + 1e-9


def expected_calibration_error(confidences: Array, right: Array, bins: int = 10) -> float:
    """The mean gap between confidence and accuracy over equally wide bins, weighted by size; 0 is perfect."""
    edges = np.clip((confidences * bins).astype(int), 0, bins - 1)
    gaps = [abs(confidences[edges == b].mean() - right[edges == b].mean()) * (edges == b).mean() for b in range(bins) if (edges == b).any()]
    return float(sum(gaps))
