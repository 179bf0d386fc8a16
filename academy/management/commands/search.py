from ...commanding import PortalCommand
from ...search.index import rebuild, search


class Command(PortalCommand):
    help = "Search as the search page does; prints kind, code and title, the best hit first."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("query")
        parser.add_argument("--rebuild", action="store_true", help="write the index anew first")

    def handle(self, *, query: str, **options) -> None:
        if options["rebuild"]:
            rebuild()
        hits = [
            {"kind": entry.kind, "code": entry.code, "title": entry.title}
            for entry in search(query)
        ]
        self.answer(hits, json_wanted=options["json"])
        if not hits:
            self.fail()
