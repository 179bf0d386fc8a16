"""Traditional characters as simplified ones."""

from functools import lru_cache

from opencc import OpenCC

_converter = OpenCC("t2s")


@lru_cache(maxsize=16_384)
def simplified(text: str) -> str:
    """培訓對象 as 培训对象; simplified text stays as it is."""
    return text if text.isascii() else _converter.convert(text)
