"""The one place that asks the time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_ahead: list[Callable[[], timedelta]] = []


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    moment = datetime.now(UTC)
    return moment + _ahead[0]() if _ahead else moment


def today(zone: str) -> date:
    """Return the local date in a time zone by its IANA name: deadlines are local days."""
    return now().astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """Return the moment at which a local day in a time zone begins, aware, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """Return the moment at which a local day in a time zone is over, aware, in UTC: a deadline has passed then."""
    return start_of(day + timedelta(days=1), zone)


def in_words(moment: datetime, zone: str) -> str:
    """Return a moment to the second in a time zone: "17:00:01 on 31 December 2027 in Kuala Lumpur"."""
    local = moment.astimezone(ZoneInfo(zone))
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{local:%H:%M:%S} on {local.day} {local:%B %Y} in {place}"


def rehearse(file: Path | None) -> None:
    """Let the program run ahead by the number of days in the file (demonstrations only); ``None`` stops it."""
    _ahead.clear()
    if file is not None:
        _ahead.append(lambda: timedelta(days=_days(file)))


def days_ahead() -> int:
    """Return by how many days the rehearsal clock runs ahead; 0 on a real system."""
    return _ahead[0]().days if _ahead else 0


def _days(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
