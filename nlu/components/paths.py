"""Where the project keeps what components read while training."""

from pathlib import Path
from typing import Final

NLU: Final = Path(__file__).resolve().parents[1]
LEXICON: Final = NLU / "lexicon"
PLACES: Final = NLU.parent / "config" / "places.csv"
