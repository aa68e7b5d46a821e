"""What a wheel holds besides the source: compiled catalogues and word lists, and the browser's files.

The last must have been built.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NotBuiltError(Exception):
    """A wheel without the browser's files would be served without them."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Runs before each build of wheel and sdist. An editable install may come before the files are built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's signature
        """Compile the catalogues and the word lists; look for the browser's files.

        Raises:
            NotBuiltError: they are not there.
        """
        tools = Path(self.root) / "tools"
        sys.path.insert(0, str(tools))
        from catalogues import compile_all
        from lexicons import compile_lists

        compile_all(Path(self.root) / "src" / "comity" / "locale")
        compile_lists(Path(self.root) / "src")
        built = Path(self.root) / "src" / "comity" / "static" / "comity" / "built"
        if version != "editable" and not (built / "page.js").exists():
            raise NotBuiltError("The browser's files are not built: make wheel, or node tools/assets.mjs.")
