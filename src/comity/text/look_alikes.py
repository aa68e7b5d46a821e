"""Letters and digits of several scripts that look like a Latin letter, after case and accents are folded.

Own table, drawn from how common fonts draw them; digits map to the letter they are mistaken for in names.
"""

from __future__ import annotations

__all__ = ["LOOK_ALIKES"]

_GROUPS = {
    "a": "аαɑ4@",
    "b": "ьвβ8",
    "c": "сϲ",
    "d": "ԁɗ",
    "e": "еєεҽ3",
    "g": "ɡԍ",
    "h": "һн",
    "i": "іιıȷӏlⅼ1|!ǀ",
    "j": "јϳ",
    "k": "кκ",
    "m": "мⅿ",
    "n": "ηпո",
    "o": "оοσօ0",
    "p": "рρ",
    "q": "ԛ",
    "r": "гⲅ",
    "s": "ѕ5$",
    "t": "тτ7",
    "u": "υսц",
    "v": "νѵⅴ",
    "w": "ԝωш",
    "x": "хχⅹ",
    "y": "уγү",
    "z": "ᴢ2",
}
LOOK_ALIKES: dict[str, str] = {alike: letter for letter, group in _GROUPS.items() for alike in group}
"""Look-alike -> the letter it reads as."""
