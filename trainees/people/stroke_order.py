"""Names in the order of official lists: by strokes (姓氏笔画)."""

from strokes import strokes

UNKNOWN = 99  # a character the table does not have goes last
LONGEST = 30  # characters; longer names keep their order as far as that


def stroke_key(name: str) -> str:
    """A key that sorts names by the strokes of each character, then by the character itself."""
    parts = []
    for character in name[:LONGEST]:
        try:
            count = strokes(character)
        except (KeyError, ValueError, IndexError, TypeError):
            count = UNKNOWN
        count = count[0] if isinstance(count, list) else count
        parts.append(f"{count or UNKNOWN:02}{character}")
    return "".join(parts)
