"""Personal data: telephone, e-mail, postal address, bank account, card and social-security numbers.

Whatever has check digits is checked. Evidence names the kind and never repeats the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Span, Submission

__all__ = ["PersonalDataDetector", "iban_is_valid", "luhn_is_valid", "nir_is_valid"]

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}", re.IGNORECASE)
_EMAIL_SPOKEN = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?: ?[(\[{] ?(?:at|arobase|@) ?[)\]}] ?| arobase )[a-z0-9-]{1,63}"
    r"(?: ?(?:[(\[{] ?(?:dot|point|\.) ?[)\]}]|\.) ?| point )[a-z]{2,10}"
)
_SPOKEN_SIGNS = ("at]", "at)", "at }", "at ]", "at )", "arobase", "[@", "(@")
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"(?<![\w.,/#-])(?:\+|\(\+?)?\d(?:[ .\-/()]{0,2}\d){6,21}(?![\w/])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_IBAN_BEGINS = re.compile(r"\d\d(?<=[A-Za-z]..)")
_FEWEST_DIGITS = 7
"""Of a telephone or a card."""
_NIR = re.compile(r"(?<!\d)[12] ?\d{2} ?[0-9]{2} ?(?:\d{2}|2[ABab]) ?\d{3} ?\d{3} ?\d{2}(?!\d)")
_DNI = re.compile(r"(?<!\w)\d{8}[ -]?[A-Za-z](?!\w)")
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_ADDRESS = re.compile(
    r"(?<!\d)\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd|place|impasse|chemin|allee|quai|route|cours)"
    r" [^\W\d_][\w' -]{2,40}"
    r"|(?<!\d)\d{1,5} [^\W\d_][\w']{1,20}(?: [^\W\d_][\w']{1,20})? (?:street|road|avenue|lane|drive|boulevard)\b"
    r"|(?<!\w)(?:calle|avenida|plaza) [^\W\d_][\w' ]{2,30},? (?:n\.? ?)?\d{1,4}(?!\d)"
    r"|(?<!\w)[^\W\d_]{3,25}(?:strasse|str\.|weg|platz|allee) \d{1,4}(?!\d)"
    r"|(?<!\w)רחוב [\u05d0-\u05ea ]{2,25} \d{1,4}(?!\d)"
)
_STREETS = (
    *("rue", "avenue", "av.", "boulevard", "bd", "place", "impasse", "chemin", "allee", "quai", "route", "cours"),
    *("street", "road", "lane", "drive", "calle", "avenida", "plaza", "strasse", "str.", "weg", "platz", "רחוב"),
)
"""One of them stands in every address."""
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_HOME = frozenset(
    [
        "habite",
        "habitent",
        "habites",
        "domicile",
        "adresse",
        "lives",
        "live",
        "address",
        "wohnt",
        "wohnhaft",
        "vive",
        "גר",
        "גרה",
        "يسكن",
    ]
)


class PersonalDataDetector:
    """One `personal_data` finding with every place; its score is that of the surest kind."""

    name = "personal_data"
    version = "1"
    kind = "facts"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """At most one finding."""
        found = list(self._all(text))
        if found:
            yield Finding(
                category="personal_data",
                score=max(score for _, score, _ in found),
                detector=self.name,
                spans=tuple(sorted({span for _, _, span in found})),
                evidence=tuple(sorted({kind for kind, _, _ in found})),
            )

    def _all(self, text: PreparedText) -> Iterator[tuple[str, float, Span]]:
        raw = text.raw
        if "@" in raw:
            for match in _EMAIL.finditer(raw):
                yield "email", 0.75, match.span()
        if True in [mark in text.folded for mark in _SPOKEN_SIGNS]:
            for match in _EMAIL_SPOKEN.finditer(text.folded):
                yield "email", 0.7, text.raw_span(*match.span())
        if _DIGIT.search(raw) is None:
            return
        digits_in_all = len(_DIGIT.findall(raw))
        taken: list[Span] = []
        for pattern, fewest, valid, kind, score in (
            (_NIR, 13, nir_is_valid, "social_security_number", 0.97),
            (_IBAN, 2, iban_is_valid, "bank_account", 0.96),
            (_DNI, 8, _dni_is_valid, "identity_number", 0.9),
        ):
            if digits_in_all < fewest or (pattern is _IBAN and _IBAN_BEGINS.search(raw) is None):
                continue
            for match in pattern.finditer(raw):
                if valid(match[0]):
                    taken.append(match.span())
                    yield kind, score, match.span()
        for match in _DIGITS.finditer(raw) if digits_in_all >= _FEWEST_DIGITS else ():
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            number = match[0]
            digits = "".join(character for character in number if character.isdigit())
            if 13 <= len(digits) <= 19 and luhn_is_valid(digits) and len(set(digits)) > 1:
                yield "card", 0.95, match.span()
            elif _is_telephone(number, digits):
                yield "telephone", 0.78, match.span()
        if not any(word in text.folded for word in _STREETS):
            return
        at_home = not _HOME.isdisjoint(text.words)
        for match in _ADDRESS.finditer(text.folded):
            near = text.folded[match.end() : match.end() + 20]
            score = 0.72 if at_home else 0.62 if _POSTCODE.search(near) or _POSTCODE.search(match[0]) else 0.42
            yield "postal_address", score, text.raw_span(*match.span())


def luhn_is_valid(digits: str) -> bool:
    """The check of payment cards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban_is_valid(account: str) -> bool:
    """The check of international bank account numbers (ISO 13616, modulo 97)."""
    letters = account.replace(" ", "").upper()
    if not 15 <= len(letters) <= 34 or not letters.isascii():
        return False
    rearranged = letters[4:] + letters[:4]
    return int("".join(str(int(letter, 36)) for letter in rearranged)) % 97 == 1


def nir_is_valid(number: str) -> bool:
    """The check of French social-security numbers, Corsica included."""
    letters = number.replace(" ", "").upper()
    if len(letters) != 15 or not letters.isascii():
        return False
    month = letters[3:5]
    if not (1 <= int(month) <= 12 or 20 <= int(month) <= 42 or int(month) >= 50):
        return False
    body = letters[:13].replace("2A", "19").replace("2B", "18") if letters[5:7] in ("2A", "2B") else letters[:13]
    return body.isdigit() and 97 - int(body) % 97 == int(letters[13:])


def _dni_is_valid(number: str) -> bool:
    letters = number.replace(" ", "").replace("-", "").upper()
    return letters.isascii() and _DNI_LETTERS[int(letters[:8]) % 23] == letters[8]


def _is_telephone(number: str, digits: str) -> bool:
    """Numbers of the six languages' countries, and any international one."""
    if number.startswith(("+", "(+")):
        return 9 <= len(digits) <= 15
    if digits.startswith("00") and 11 <= len(digits) <= 16:
        return True
    if len(digits) == 10 and digits[0] == "0" and digits[1] in "12345679":
        return True  # France, Israeli mobile
    if len(digits) == 9 and digits[0] == "0" and digits[1] in "234789" and not number.isdigit():
        return True  # Israel
    if len(digits) in (11, 12) and digits.startswith(("015", "016", "017")):
        return True  # Germany
    groups = [len(group) for group in re.split(r"\D+", number) if group]
    if len(digits) == 11 and digits[0] == "0" != digits[1] and (len(groups) > 1 or digits[1] == "7"):
        return True  # Britain, Germany
    if digits[0] in "6789" and len(digits) == 9 and groups in ([3, 3, 3], [3, 2, 2, 2]):
        return True  # Spain
    return len(digits) == 10 and groups == [3, 3, 4]  # North America
