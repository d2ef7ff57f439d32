"""One terminal for many processes: every line says whose it is."""

import re
import sys
from collections.abc import Iterable
from typing import TextIO

OURS = "dellusi"
_COLOURS = ("36", "33", "35", "34", "32", "96", "93", "95", "94", "92")  # ANSI foregrounds, red is kept for trouble
_RED, _BOLD = "31", "1"
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")  # colours and movements (ECMA-48)


class Console:
    """Writes prefixed lines, coloured on a terminal only. A reader who went away is no reason to stop the service."""

    def __init__(self, names: Iterable[str], stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._coloured = self._stream.isatty()
        everyone = [OURS, *names]
        self._width = max(len(name) for name in everyone)
        self._colours = {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(everyone[1:])}

    def line(self, name: str, text: str) -> None:
        """A line of process `name`; control characters are left out, so that no process can move our cursor."""
        clean = "".join(letter for letter in _ESCAPE.sub("", text) if letter.isprintable() or letter == "\t")
        self._write(f"{self._paint(f'{name:<{self._width}} |', self._colours.get(name, _BOLD))} {clean}")

    def say(self, text: str) -> None:
        """Our own word, one or more lines."""
        for line in text.splitlines():
            self._write(f"{self._paint(f'{OURS:<{self._width}} |', _BOLD)} {line}")

    def complain(self, text: str) -> None:
        """Our own word when something went wrong."""
        for line in text.splitlines():
            self._write(f"{self._paint(f'{OURS:<{self._width}} | {line}', _RED)}")

    def show(self, text: str) -> None:
        """A block without prefix: what is reachable, at the end of the start."""
        self._write(text)

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # a closed terminal or pipe
            pass
