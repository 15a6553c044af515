"""The ways work can be turned down that are nobody's bug. Subclass where the refusal is raised."""


class Refused(Exception):
    """The business says no. ``str(error)`` is fit to show the person who asked; ``code`` is for machines."""

    code = "refused"


class NotFound(Refused):
    """The thing asked for does not exist, or is not this person's to see."""

    code = "not_found"


class Conflict(Refused):
    """Somebody else was first, or the thing has changed since it was looked at."""

    code = "conflict"


class Forbidden(Refused):
    """The person is known, but this is not theirs to do."""

    code = "forbidden"
