"""The payment file of one tranche, put together from the frozen submission, the award and the agency's account."""

from typing import Any

from app import clock
from app.accounts.models import Agency
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award, Tranche
from app.disbursements.render import Account, Payment, PaymentFile, pain_001
from app.submissions import queries as submissions
from workflows.clocks import due
from workflows.definition import Clock
from workflows.money import DECIMALS, from_minor


def payment_file(
    application: Application,
    award: Award,
    tranche: Tranche,
    end_to_end: str,
    facility: Agency | None = None,
) -> bytes:
    """Make the bank's file for one tranche from what was submitted, not from what stands in the draft now.

    The creditor is the ``facility`` that pays it on, where there is one.
    """
    frozen = submissions.submissions(application)[-1].frozen
    terms, today = applications.terms(application), applications.today(application)
    calendar = applications.calendar(application, today)
    loan = terms.loan is not None
    return pain_001(
        PaymentFile(
            message_id=end_to_end,
            created=clock.now().replace(microsecond=0),
            execution=due(Clock(1, "working"), today, calendar),
            category="LOAN" if loan else "GOVT",
            debtor=_of_agency(application.scheme.agency),
            payments=(
                Payment(
                    end_to_end_id=end_to_end,
                    instruction_id=end_to_end,
                    amount=from_minor(tranche.amount_minor, award.currency),
                    currency=award.currency,
                    decimals=DECIMALS[award.currency],
                    creditor=_of_agency(facility) if facility else _of_enterprise(frozen),
                    purpose="LOAN" if loan else "GOVG",
                    remittance=f"{application.reference} tranche {tranche.number}",
                ),
            ),
        )
    )


def _of_enterprise(frozen: dict[str, Any]) -> Account:
    answers, enterprise = frozen["answers"], frozen["enterprise"]
    return Account(
        name=answers["account_holder"],
        country=enterprise["country"],
        town=enterprise["address"].rsplit("\n", 1)[-1],
        number=answers["bank_account"],
        bic=answers["bank_bic"],
        clearing_system=None,
        clearing_member=None,
    )


def _of_agency(agency: Agency) -> Account:
    account = agency.account
    return Account(
        name=account["name"],
        country=agency.country,
        town=account["town"],
        number=account["number"],
        bic=account["bic"],
        clearing_system=None,
        clearing_member=None,
    )
