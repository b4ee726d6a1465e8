"""The figures of a process, for the picture of its workflow and for people."""

from app.analysis.compose.process import Flow, Stay
from workflows.definition import Workflow
from workflows.pictures.blocks import Figures
from workflows.pictures.picture import svg
from workflows.wording import Arrow, arrows

MINUTE, HOUR, DAY = 60, 3600, 86400


def picture(flow: Flow) -> str:
    """Return the picture of the workflow with what happened in it."""
    states = {stay.state: _said(stay) for stay in flow.stays()}
    return svg(flow.workflow, Figures(flow.steps, states))


def steps(flow: Flow) -> list[tuple[Arrow, int]]:
    """Return every step of the definition with how often it was taken, in the order of the definition."""
    return [(arrow, flow.steps[key]) for key, arrow in _steps(flow.workflow).items()]


def _steps(workflow: Workflow) -> dict[tuple[str, str, str], Arrow]:
    found: dict[tuple[str, str, str], Arrow] = {}
    for arrow in arrows(workflow):
        found.setdefault((arrow.source, arrow.act.name, arrow.target), arrow)
    return found


def _said(stay: Stay) -> list[str]:
    said = [f"{stay.entered:,} entered, {stay.now:,} here now"]
    if stay.seconds is not None and stay.working_days is not None:
        said.append(f"median {working(stay.working_days)} ({lasting(stay.seconds)})")
    return said


def working(days: int) -> str:
    """Return "3 working days"."""
    return f"{days} working day{'' if days == 1 else 's'}"


def lasting(seconds: int) -> str:
    """Return a span in words, rounded down to its largest units: "12 days 4 hours", "3 hours 5 minutes", "40 seconds"."""
    for whole, part, names in ((DAY, HOUR, ("day", "hour")), (HOUR, MINUTE, ("hour", "minute"))):
        if seconds >= whole:
            first, rest = _counted(seconds // whole, names[0]), seconds % whole // part
            return f"{first} {_counted(rest, names[1])}" if rest else first
    if seconds >= MINUTE:
        return _counted(seconds // MINUTE, "minute")
    return _counted(seconds, "second")


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
