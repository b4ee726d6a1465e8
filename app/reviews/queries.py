"""What is known of the review of a case: assessments, recommendation."""

from sqlalchemy import bindparam, select

from app.applications.models import Application
from app.db import db
from app.reviews.models import Assessment, Recommendation

_NEWEST = (
    select(Recommendation)
    .where(Recommendation.application_id == bindparam("application"))
    .order_by(Recommendation.id.desc())
    .limit(1)
)


def assessments(application: Application) -> list[Assessment]:
    """Return the assessments of a case, oldest first."""
    found = select(Assessment).where(Assessment.application_id == application.id)
    return list(db.session.scalars(found.order_by(Assessment.id)))


def recommendation(application: Application) -> Recommendation | None:
    """Return the recommendation that stands: the newest."""
    return db.session.scalars(_NEWEST, {"application": application.id}).first()
