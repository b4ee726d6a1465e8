"""What can go wrong in a way a person can mend: each error knows its facts, none knows how it is shown."""


class Problem(Exception):
    """The base: ``status`` as HTTP counts, ``slug`` for the problem type, ``title`` and ``detail`` for people."""

    status = 500
    slug = "problem"
    title = "Something went wrong"

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail or self.title)


class NotSignedIn(Problem):
    """Nobody is signed in, or the session has ended."""

    status = 401
    slug = "not-signed-in"
    title = "Sign in to continue"


class Forbidden(Problem):
    """The person is known and may not do this anywhere."""

    status = 403
    slug = "forbidden"
    title = "You may not do this"


class Missing(Problem):
    """There is no such thing, or not for this person: the two are not told apart."""

    status = 404
    slug = "not-found"
    title = "There is nothing here"


class Gone(Problem):
    """It was there, and was erased under a law."""

    status = 410
    slug = "erased"
    title = "This was erased"


class Conflict(Problem):
    """Something else happened first."""

    status = 409
    slug = "conflict"
    title = "This cannot be done now"


class Stale(Conflict):
    """The request was made on a version that is no longer current."""

    status = 412
    slug = "stale"


class Invalid(Problem):
    """The input is not well formed; ``errors`` maps each field to its sentences."""

    status = 422
    slug = "invalid"
    title = "There is a problem with what you entered"

    def __init__(self, errors: dict[str, list[str]], detail: str = "") -> None:
        self.errors = errors
        super().__init__(detail)


class Malformed(Problem):
    """The request itself cannot be read."""

    status = 400
    slug = "malformed"
    title = "The request cannot be read"


class PreconditionMissing(Problem):
    """The request does not say which version of the case it was made on."""

    status = 428
    slug = "version-missing"
    title = "Say which version you acted on"
