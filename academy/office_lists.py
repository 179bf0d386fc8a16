"""The lists of the core: imports, words of headings, the tables and every one of them."""

from .imports.lists import HeadingWordList, ImportRunList
from .table_pages.lists import TableIndex, list_of
from .table_pages.registry import tables

LISTS = (ImportRunList, HeadingWordList, TableIndex, *map(list_of, tables().values()))
