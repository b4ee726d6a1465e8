"""What is known of the review of a case: assessments, recommendation, decision."""

from sqlalchemy import select

from app.applications.models import Application
from app.db import db
from app.reviews.models import Assessment, Decision, Recommendation


def assessments(application: Application) -> list[Assessment]:
    """Return the assessments of a case, oldest first."""
    found = select(Assessment).where(Assessment.application_id == application.id)
    return list(db.session.scalars(found.order_by(Assessment.id)))


def recommendation(application: Application) -> Recommendation | None:
    """Return the recommendation that stands: the newest."""
    found = (
        select(Recommendation)
        .where(Recommendation.application_id == application.id)
        .order_by(Recommendation.id.desc())
        .limit(1)
    )
    return db.session.scalars(found).first()


def decision(application: Application) -> Decision | None:
    """Return the decision of a case."""
    found = select(Decision).where(Decision.application_id == application.id)
    return db.session.scalars(found).first()
