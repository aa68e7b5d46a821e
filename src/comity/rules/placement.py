"""Where a reply hangs in the tree."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Place", "place_reply"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the tree, by ids."""

    parent_id: int
    root_id: int
    depth: int


def place_reply(
    *, target_id: int, target_parent_id: int | None, target_root_id: int | None, target_depth: int, depth_limit: int
) -> Place:
    """The place of a reply to a comment.

    A reply hangs below its target until `depth_limit`; at the limit it stands beside its target, flat, and says whom it
    answers. So no comment is deeper than the limit and none has more ancestors than that.
    """
    root_id = target_root_id if target_root_id is not None else target_id
    if target_depth < depth_limit or target_parent_id is None:
        return Place(parent_id=target_id, root_id=root_id, depth=min(target_depth + 1, depth_limit))
    return Place(parent_id=target_parent_id, root_id=root_id, depth=target_depth)
