"""The sign of a place of teaching: a line drawing by its kind and its motif.

A sign and no portrait: it says of what sort a place is, not how its building looks. The ground
under it tells the kind (steps of the college, the tree of a branch, the lamp of a salon).
"""

from django.utils.safestring import SafeString, mark_safe

from .models import Campus, CampusKind, Motif

# paths on a ground of 96 by 64, the line of the ground at 56
GROUNDS = {
    CampusKind.COLLEGE: "M12 56h72M8 60h80",
    CampusKind.BRANCH: "M4 56h88M11 56V45M11 45a6 7 0 1 1 .01 0",
    CampusKind.SALON: "M4 56h88M86 56V34M82 34h8l-2-6h-4z",
}
MOTIFS = {
    Motif.HALL: "M26 56V30h44v26M22 30l26-16 26 16zM35 56V37M44 56V37M52 56V37M61 56V37",
    Motif.TABLE: (
        "M28 39a20 6 0 1 0 40 0a20 6 0 1 0-40 0M48 45v11M40 56h16M22 56V35M22 46h7M29 46v10"
        "M74 56V35M74 46h-7M67 46v10M48 8v8M40 24a8 8 0 0 1 16 0z"
    ),
    Motif.TOWERS: (
        "M22 56V26h16v30M42 56V12h16v44M62 56V32h14v24M28 33h4M28 40h4M28 47h4M48 20h4M48 28h4"
        "M48 36h4M48 44h4M67 39h4M67 46h4"
    ),
    Motif.ROWS: (
        "M22 56V30l12-9 12 9v26M46 36h28v20M43 28l3-2h26l6 10M29 35h10M29 43h10M52 43h4M64 43h4"
        "M52 50h4M64 50h4"
    ),
    Motif.LIFT: (
        "M24 56V16h30v40M30 24h5M43 24h5M30 34h5M43 34h5M30 44h5M43 44h5M54 22h16v34"
        "M62 28v20M58 32l4-4 4 4M58 44l4 4 4-4"
    ),
    Motif.BOAT: (
        "M26 36h40l-8 8H34zM44 36V14l16 16H44M38 30l6-10M20 50q5-4 10 0t10 0t10 0t10 0t10 0t8-1"
    ),
    Motif.WORKS: (
        "M22 56V34l13-9v9l13-9v9l13-9v31M66 56V14h8v42M66 21h8M28 43h7M41 43h7M28 50h7M41 50h7"
    ),
    Motif.VILLAGE: (
        "M20 38l18-15 18 15M24 35v21M52 35v21M34 56V44h8v12M62 56c3-6 8-9 15-10M69 56c2-3 5-4 8-5"
        "M66 46V28M66 28c-5 0-6-5-3-8 1-4 6-4 7 0 3 3 1 8-4 8"
    ),
    Motif.FIELDS: (
        "M20 40c8-9 18-9 27-2c8-6 19-8 31-2M22 45h54M30 56l8-11M43 56l3-11M55 56l-2-11M68 56l-8-11"
        "M56 30a8 8 0 0 1 16 0M64 16v-5M52 20l-4-3M76 20l4-3"
    ),
    Motif.GARDEN: (
        "M34 56V36M34 36c-10 0-14-8-8-13c-1-10 17-10 16 0c6 5 2 13-8 13M52 46h22M52 40h22M56 46v10"
        "M70 46v10M45 56v-6M42 50h6M45 50v-4"
    ),
    Motif.COURIER: (
        "M26 50a6 6 0 1 0 12 0a6 6 0 1 0-12 0M62 50a6 6 0 1 0 12 0a6 6 0 1 0-12 0"
        "M38 50h24M24 22h18v14H24zM24 28h18M28 44v-4h16l6 8M62 24h-7M58 24l9 20"
    ),
    Motif.DOOR: "M28 56V16h28v40M34 56V26h16v30M46 42v1M40 20h4M64 24h12v15H64zM67 29h6M67 34h6",
    Motif.TALK: "M24 12h30v20H40l-8 8v-8h-8zM60 24h14v20h-5v8l-9-8H46v-6M32 19h14M32 25h9",
    Motif.DRAWING: (
        "M24 16h36v40M24 16v40M24 34h18v22M42 16v9M60 40H50M76 14l-12 26-1 8 7-5 12-26zM66 36l6 3"
    ),
    Motif.MAST: (
        "M48 56V26M39 56l9-30 9 30M43 44h10M46 22a2 2 0 1 0 4 0a2 2 0 1 0-4 0"
        "M39 13a13 13 0 0 0 0 17M57 13a13 13 0 0 1 0 17M33 8a21 21 0 0 0 0 27M63 8a21 21 0 0 1 0 27"
    ),
    Motif.KEY: (
        "M24 56V16h26v40M30 24h4M40 24h4M30 34h4M40 34h4M30 44h4M40 44h4"
        "M58 26a7 7 0 1 0 14 0a7 7 0 1 0-14 0M65 33v17M65 44h6M65 50h5"
    ),
    Motif.STAR: (
        "M26 56V34l22-18 22 18v22M42 56V46h12v10"
        "M48 25l2 5 5 .4-4 3.4 1.3 5.2-4.3-3-4.3 3 1.3-5.2-4-3.4 5-.4z"
    ),
}
OF_A_KIND = {
    CampusKind.COLLEGE: Motif.HALL,
    CampusKind.BRANCH: Motif.TOWERS,
    CampusKind.SALON: Motif.TABLE,
}


def place_sign(campus: Campus) -> SafeString:
    """The drawing as SVG without a name of its own: it stands beside the name of the place.

    Its motif is what the office chose, or else that of the kind.
    """
    motif = Motif(campus.motif) if campus.motif else OF_A_KIND[CampusKind(campus.kind)]
    ground = GROUNDS[CampusKind(campus.kind)]
    return mark_safe(  # noqa: S308  both are written above
        '<svg class="place-sign" viewBox="0 0 96 64" aria-hidden="true" focusable="false">'
        f'<path class="place-ground" d="{ground}"/><path d="{MOTIFS[motif]}"/></svg>'
    )
