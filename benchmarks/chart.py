"""Charts of results, as SVG that needs no script and reads in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Bar", "bars"]

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 720, 40, 190, 110, 56
_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#222}.t{font-weight:600;font-size:15px}.o{fill:#1f5f8b}.p{fill:#9aa5ad}"
    ".g{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.o{fill:#6db3e0}.p{fill:#6b757c}.g{fill:#16191b}}"
)


@dataclass(frozen=True)
class Bar:
    """One bar."""

    label: str
    value: float
    is_own: bool


def bars(title: str, shown: Sequence[Bar]) -> str:
    """Horizontal bars from zero, each with its number."""
    most = max(each.value for each in shown)
    height = _TOP + _ROW * len(shown) + 16
    said = "; ".join(f"{each.label} {each.value:,.0f}" for each in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}: {escape(said)}">',
        f"<style>{_STYLE}</style>",
        f'<rect class="g" width="{_WIDTH}" height="{height}"/>',
        f'<text class="t" x="16" y="30">{escape(title)}</text>',
    ]
    for number, each in enumerate(shown):
        top = _TOP + _ROW * number
        length = max(2.0, (_WIDTH - _LEFT - _RIGHT) * each.value / most)
        parts += [
            f'<text x="{_LEFT - 12}" y="{top + 19}" text-anchor="end">{escape(each.label)}</text>',
            f'<rect class="{"o" if each.is_own else "p"}" x="{_LEFT}" y="{top + 4}" width="{length:.1f}" height="22"/>',
            f'<text x="{_LEFT + length + 8:.1f}" y="{top + 20}">{each.value:,.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
