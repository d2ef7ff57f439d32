"""Edit distance with a limit, for words that are short and nearly right."""


def within(left: str, right: str, limit: int) -> int | None:
    """The number of edits (insert, delete, replace, swap neighbours) between two words, or None above `limit`.

    >>> within("diourbel", "diurbel", 1)
    1
    >>> within("touba", "dakar", 2) is None
    True
    """
    if abs(len(left) - len(right)) > limit:
        return None
    if left == right:
        return 0
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for row, char in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (char != other))
            if row > 1 and column > 1 and char == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return None
        before, previous = previous, current
    return previous[-1] if previous[-1] <= limit else None


def allowed(word: str) -> int:
    """How many edits a folded word may be away and still be meant: none below 5 letters, one below 9, else two."""
    return 0 if len(word) < 5 else 1 if len(word) < 9 else 2
