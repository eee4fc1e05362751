"""Punctuation as printed Chinese has it: full width after a Chinese character, as it was everywhere else."""

import re

HAN = "\u3400-\u9fff"
FULL = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"}
_AFTER_HAN = re.compile(f"(?<=[{HAN}”》〕\uff09)])[{''.join(FULL)}]")
_AROUND_HAN = re.compile(f"\\(([^()]*[{HAN}][^()]*)\\)")


def full_width(text: str) -> str:
    """Text with the marks that people and programs write in half width between Chinese characters made full width.

    Times (`09:42`), numbers (`7,479`) and what stands in Latin letters stay as they are.
    """
    marked = _AFTER_HAN.sub(lambda mark: FULL[mark[0]], text)
    return _AROUND_HAN.sub("\uff08\\1\uff09", marked)
