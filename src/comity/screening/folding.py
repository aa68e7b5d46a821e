"""Folds characters: compatibility forms, case, accents, look-alikes and what cannot be seen.

Every character folds by itself, once, into a cached string of zero or more characters; a text is then folded at the
speed of a table look-up.
"""

from __future__ import annotations

from unicodedata import category, normalize

__all__ = ["BIDI", "FOLD", "HOMOGLYPHS", "fold_word"]

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Characters that change the direction of what follows."""

_PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "œ": "oe", "æ": "ae", "ð": "d", "þ": "th",
    "ƒ": "f", "ɓ": "b", "ɗ": "d", "ɡ": "g", "ɩ": "i", "ɑ": "a", "ə": "e", "ɛ": "e", "ɔ": "o", "ɯ": "m", "ʋ": "v",
    "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k",
    "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w",
    "ϲ": "ϲ", "Ϲ": "ϲ",  # Unicode makes a sigma of it; whoever writes it means the letter c
    "ʏ": "y", "ᴢ": "z", "ɐ": "a", "ɟ": "f", "ɥ": "h", "ʞ": "k", "ɹ": "r", "ʇ": "t", "ʌ": "v", "ʍ": "w",
    "’": "'", "‘": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'", "＇": "'", "׳": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "״": '"', "‹": '"', "›": '"', "「": '"', "」": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "־": "-",
    "ـ": "", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ھ": "ه",
    "…": "...", "؟": "?", "،": ",", "؛": ";", "。": ".", "！": "!", "？": "?",
    "\u2800": "", "\u3164": "", "\uffa0": "", "\u115f": "", "\u1160": "", "\u17b4": "", "\u17b5": "",
    "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\r": "\n", "\t": " ", "\x0b": "\n", "\x0c": "\n",
}  # fmt: skip

_PAIRS = (
    "аa бb вb гr ԁd дa еe ёe ђh зe иn йn іi їi јj кk ӏl лn мm нh оo пn рp сc ԛq ѕs тt уy ўy фo хx цu чy шw щw һh "
    "ԝw ъb ыb ьb эe юo яr ґr "  # Cyrillic
    "αa βb γy δd εe ζz ηn θo ιi κk λa μu νv ξe οo πn ρp σo ςs τt υu φo χx ψw ωw ϲc ϳj "  # Greek
    "աw ցg գq եt զq հh ոn սu տs օo ռn ղn ւi յj "  # Armenian
    "ꭰd ꭱr ꭲi ꭺa ꭼe ꮃw ꮇm ꮋh ꮐg ꮓz ꮪs ꮯc ꮲp ꮶk ꮮl"  # Cherokee
)
HOMOGLYPHS = {pair[0]: pair[1] for pair in _PAIRS.split()}
"""Letters of other scripts that pass for Latin ones; used only inside words that are not honestly of that script."""


class _Folds(dict[str, str]):
    """Character -> its folded form, worked out on first sight; never more entries than Unicode has characters."""

    def __missing__(self, character: str) -> str:
        folded = _fold(character)
        self[character] = folded
        return folded


def _fold(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    code = ord(character)
    if 0x1F1E6 <= code <= 0x1F1FF:  # regional indicators spell words as well as flags
        return chr(ord("a") + code - 0x1F1E6)
    if 0x1F130 <= code <= 0x1F149 or 0x1F150 <= code <= 0x1F169 or 0x1F170 <= code <= 0x1F189:
        return chr(ord("a") + (code - 0x1F130) % 0x20)
    kind = category(character)
    if kind in ("Cf", "Cs", "Mn", "Me") or (kind == "Cc" and character != "\n"):
        return ""
    if kind in ("Zs", "Zl", "Zp"):
        return " "
    pieces = []
    for piece in normalize("NFKD", normalize("NFKC", character).casefold()):
        piece_kind = category(piece)
        if piece_kind in ("Mn", "Me", "Cf"):
            continue
        pieces.append(_PLAIN.get(piece, " " if piece_kind == "Zs" else piece))
    return "".join(pieces)


FOLD = _Folds()


def fold_word(word: str) -> str:
    """The folded form of a whole text, without map."""
    return "".join(map(FOLD.__getitem__, word))
