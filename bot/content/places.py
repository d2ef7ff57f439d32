"""config/places.csv: regions, departments and communes with their names."""

import csv
from pathlib import Path

from bot.content.reading import Faults
from bot.domain.places import PlaceIndex, build_index

COLUMNS = ["region", "department", "commune", "variants"]


def load_places(path: Path, name: str, faults: Faults) -> PlaceIndex:
    """The index of places; an empty one when the file is unusable."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != COLUMNS:
                faults.add(name, 1, "", "wrong_columns", found=", ".join(reader.fieldnames or ()), allowed=", ".join(COLUMNS))
                return build_index([])
            rows = [(row["region"], row["department"], row["commune"], row["variants"]) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.add(name, 0, "", "unreadable", reason=type(error).__name__)
        return build_index([])
    for line, (region, department, commune, _) in enumerate(rows, 2):
        if not region or (commune and not department):
            faults.add(name, line, "region", "incomplete_place")
    return build_index((r, d, c, [other for other in (others or "").split("|") if other]) for r, d, c, others in rows)
