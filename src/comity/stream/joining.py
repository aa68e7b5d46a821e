"""Templates made into joiners: rendered once with a mark wherever something varies, and from then on only joined.

The templates stay what they are, and the one place where markup is written. A joiner holds for one *variant*: all that
the template decides upon or that seldom changes, such as the language, the site, whether a comment was edited. What
varies within it, such as a name or a number, is a *field*. Filling in costs about a hundredth of rendering.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from django.utils.safestring import SafeString, mark_safe

__all__ = ["Joiner", "Joiners", "Marks"]

_TOKEN = secrets.token_hex(8)  # nothing that a site's operator has written can look like a mark
_BEGIN, _END = f"\ue000{_TOKEN}:", f":{_TOKEN}\ue001"

Variant = TypeVar("Variant", bound=Hashable)


class Marks:
    """Stands in a template's context for an object: each of its attributes is the mark of a field.

    Args:
        known: attributes that the template decides upon, with their values.
        without: fields that this variant lacks; they are empty.
    """

    def __init__(self, known: Mapping[str, object] | None = None, *, without: frozenset[str] = frozenset()) -> None:
        self._known = known or {}
        self._without = without

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name in {"resolve_expression", "do_not_call_in_templates"}:
            raise AttributeError(name)
        if name in self._known:
            return self._known[name]
        return "" if name in self._without else _mark(name)


def _mark(name: str) -> SafeString:
    return mark_safe(f"{_BEGIN}{name}{_END}")  # noqa: S308 - a mark of our own; what is filled in was escaped before


class Joiner:
    """A template of one variant, cut at its marks."""

    __slots__ = ("_names", "_pieces", "_places")

    def __init__(self, rendered: str) -> None:
        first, *rest = rendered.split(_BEGIN)
        self._pieces: list[str] = [first]
        self._names: list[str] = []
        for each in rest:
            name, cut, piece = each.partition(_END)
            if not cut:
                raise ValueError("a filter has changed the mark of a field")
            self._pieces += ["", piece]
            self._names.append(name)
        if _BEGIN[:5] in "".join(self._pieces).lower():
            raise ValueError("a filter has changed the mark of a field")
        self._places = list(range(1, len(self._pieces), 2))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields, in the order in which they stand."""
        return tuple(self._names)

    def fill(self, values: Mapping[str, str]) -> str:
        """The template's HTML with these values, which are HTML themselves: text must have been escaped."""
        pieces = self._pieces.copy()
        for place, name in zip(self._places, self._names, strict=True):
            pieces[place] = values[name]
        return "".join(pieces)


class Joiners(Generic[Variant]):
    """The joiners of one template, made as their variants are met.

    Args:
        render: the template rendered for a variant, its fields being marks.
        most: variants kept; beyond that the one made first is made again when it is next met.
    """

    def __init__(self, render: Callable[[Variant], str], *, most: int = 512) -> None:
        self._render = render
        self._most = most
        self._made: dict[Variant, Joiner] = {}
        self._guard = threading.Lock()

    def of(self, variant: Variant) -> Joiner:
        """The joiner of this variant."""
        joiner = self._made.get(variant)
        if joiner is None:
            joiner = Joiner(self._render(variant))
            with self._guard:
                while len(self._made) >= self._most:
                    del self._made[next(iter(self._made))]
                self._made[variant] = joiner
        return joiner
