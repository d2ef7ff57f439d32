"""WhatsApp reads marks in a text: `*bold*`, `_italic_`, `~strike~`, three backticks. In what a person typed they are letters.

Source: faq.whatsapp.com, "How to format your messages". There is no escape character, so the marks are taken out of names and
answers where they would format.
"""

import re

# A mark formats at the edge of a word; an underscore inside one (an e-mail address) does not.
_MARKS = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
# A line that begins with one of these becomes a quotation or an entry of a list.
_LINE_MARKS = re.compile(r"(?m)^(?:[ \t]*(?:>|[-*] )[ \t]*)+")


def unformatted(value: str) -> str:
    """What a person typed, so that WhatsApp shows it as typed but for the marks.

    >>> unformatted("*Awa* _Ndiaye_ a_b@example.org")
    'Awa Ndiaye a_b@example.org'
    """
    # A mark may have hidden the beginning of a line.
    return _LINE_MARKS.sub("", _MARKS.sub("", _LINE_MARKS.sub("", value)))
