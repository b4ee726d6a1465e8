"""What a consent covers, in the words the enterprise agrees to; they stand in the event for ever."""

from app.accounts.models import Agency

FILE, REFER = "file", "refer"
TITLES = {FILE: "Write applications for us", REFER: "Refer us to others"}


def covers(scope: list[str], agency: Agency) -> list[str]:
    """Return the sentences of a consent, of those that every consent has and those of its scope."""
    name = agency.name
    said = {
        FILE: (
            f"Advisers of {name} may begin applications for us, answer the questions and attach documents. "
            "They cannot send an application, accept an offer or ask for money: that stays with us. "
            f"They see the applications that {name} prepared, and where these stand, and nothing else of ours."
        ),
        REFER: (
            f"{name} may give our name, registry number and country, and the name and e-mail address of the person who "
            "gives this consent, with a reason to another agency or service centre that it names to us, also in "
            "another country. Documents, answers and decisions are not handed over."
        ),
    }
    return [
        *(said[name_] for name_ in (FILE, REFER) if name_ in scope),
        "We can withdraw this consent at any time, without a reason. What was done until then stays on record.",
    ]
