"""Text to the tokens it is found by: without case and accents, in any script.

Scripts that are written without spaces between words are cut into tokens of one and two
characters, because a piece of such a run is what people search for.
"""

import re
import unicodedata

MAX_WORD = 64  # characters of a word that count
FEW = 1000  # characters, and tokens, that any text may have; longer ones twice their length
MAX_PAIRS = 8  # two-character tokens a query makes of one run

# CJK punctuation marks that are letters, kana, bopomofo, hangul, ideographs; then Thai, Lao,
# Tibetan, Burmese, Khmer
SPACELESS = (
    "\u3005-\u3007\u3040-\u30ff\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\u1100-\u11ff\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
)
PIECES = re.compile(f"([{SPACELESS}]+)|[^{SPACELESS}]+")


class _Folding(dict[int, str | None]):
    """For str.translate: what becomes of each character; learnt as characters are met."""

    def __missing__(self, code: int) -> str | None:
        kind = unicodedata.category(chr(code))
        if 0x300 <= code <= 0x36F or kind == "Cf" or 0xFE00 <= code <= 0xFE0F:
            folded = None  # accents, joiners, variants
        elif kind == "So":  # emoji: each a word of its own; the tones of their skin are none
            folded = f" {chr(code)} "
        else:
            folded = chr(code) if kind[0] in "LNM" else " "
        self[code] = folded
        return folded


_FOLDING = _Folding()


def split_words(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    if text.isascii():
        return text.lower().translate(_FOLDING).split()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", folded.translate(_FOLDING)).split()


def index_tokens(text: str) -> list[str]:
    """Return the tokens a text is found by, in order, as often as they occur.

    A character can decompose into eighteen; what a text becomes is cut where it grows too far.
    """
    if text.isascii():
        return [word[:MAX_WORD] for word in split_words(text)]
    most = max(FEW, 2 * len(text))
    found: list[str] = []
    for word in " ".join(split_words(text))[:most].split():
        for piece in PIECES.finditer(word):
            if piece[1] is None:
                found.append(piece[0][:MAX_WORD])
            else:
                found += piece[1]
                found += _pairs(piece[1])
    return found[:most]


def query_tokens(text: str) -> list[str]:
    """Return the tokens a text that is searched for has to have, each once."""
    found: list[str] = []
    for word in split_words(text):
        for piece in PIECES.finditer(word):
            if piece[1] is None:
                found.append(piece[0][:MAX_WORD])
            else:
                found += _pairs(piece[1])[:MAX_PAIRS] or [piece[1]]
    return list(dict.fromkeys(found))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
