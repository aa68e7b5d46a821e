"""Letters that are taken for other letters: a small table of our own, for reserved names."""

from __future__ import annotations

__all__ = ["CAPITALS", "LETTERS", "MIXED", "SEQUENCES"]


def _pairs(resembling: str, resembled: str) -> dict[int, str]:
    return {ord(one): other for one, other in zip(resembling, resembled, strict=True)}


# Capitals by their own shape, for names that mix scripts.
CAPITALS: dict[int, str] = {
    **_pairs("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX"),
    **_pairs("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
}

# Small letters whose shape differs from their capital's, for names that mix scripts.
MIXED: dict[int, str] = _pairs("ηνυнвпг", "nvuhbnr")

# After case folding. Letters, then digits. `i`, `l` and `1` are one shape, as capital I is.
LETTERS: dict[int, str] = {
    **_pairs("авгеһнікјӏмоԛрсѕтуѵԝхԁьѡзп", "abrehhlkjlmoqpcstyvwxdbwen"),
    **_pairs("αβγεζηικμνορστυχω", "abyezhlkmnopotyxw"),
    **_pairs("օսհոցեյ", "ouhngej"),
    **_pairs("ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdeghljklmnoprstuvwyz"),
    **_pairs("ɑɡɩıɪłøđħŧƅɓɗƒ", "agllllodhtbbdf"),
    ord("æ"): "ae",
    ord("œ"): "oe",
    **_pairs("þð", "pd"),
    **_pairs("0134578", "oleastb"),
    **_pairs("i|!$@", "lllsa"),
}

# Pairs that read as one letter in most typefaces.
SEQUENCES: tuple[tuple[str, str], ...] = (("rn", "m"), ("vv", "w"))
