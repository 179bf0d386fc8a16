"""The named errors of the domain: their text is the sentence a person reads."""


class PortalError(Exception):
    """A request the rules refuse.

    `str(error)` says in the reader's language what happened and what to do next.
    """


class InvalidTransition(PortalError):
    """Somebody else changed the status first, or the step does not follow from the present one."""
