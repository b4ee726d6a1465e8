"""An invented scheme whose form asks questions of every kind, and good answers to it."""

from typing import Any

from app.schemes.commands import CATALOGUE, publish
from app.schemes.compose.asking import places
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Scheme

CALL = "MY-EVERY-2026"
_GRANT = (CATALOGUE / "my_bap.toml").read_text("utf-8")
_BEFORE, _REST = _GRANT.split('[[sections]]\nkey = "enterprise"\n')
_BEHIND = _REST[_REST.index("[[documents]]\n") :]

SECTIONS = """
[[sections]]
key = "firm"
title = "Your enterprise"
questions = [
    {key = "sector", label = "Sector", kind = "choice", choices = {manufacturing = "Manufacturing", services = "Services"}},
    {key = "employees", label = "Employees", kind = "whole_number", maximum = 1000},
    {key = "turnover", label = "Turnover", kind = "money"},
    {key = "listed_parent", label = "Is there a listed parent?", kind = "choice", choices = {no = "No", yes = "Yes"}},
    {key = "parent", label = "Which one?", kind = "text", longest = 40, when = {answer = "listed_parent", is = "yes"}},
    {key = "parent_share", label = "Which share does it own?", kind = "percent", when = {answer = "parent", one_of = ["Besar Bhd", "Raya Bhd"]}},
    {key = "markets", label = "Where do you sell?", kind = "choices", maximum = 2, choices = {home = "At home", asean = "In ASEAN", far = "Further away"}},
    {key = "permit", label = "Export permit", kind = "text", when = {not = {not = {answer = "markets", includes = "far"}}}},
    {key = "profit", label = "Profit, in thousands", kind = "number", minimum = -500, maximum = 500, required = false},
    {key = "local_share", label = "Local share", kind = "percent", hint = "In per cent."},
    {key = "phone", label = "Phone", kind = "phone"},
    {key = "postcode", label = "Postcode", kind = "postcode", required = false},
]
[[sections]]
key = "project"
title = "Your project"
questions = [
    {key = "project_title", label = "Title", kind = "text", longest = 120},
    {key = "purpose", label = "Purpose", kind = "long_text", longest = 500},
    {key = "started", label = "Has it begun?", kind = "choice", choices = {no = "No", yes = "Yes"}},
    {key = "begins", label = "When does it begin?", kind = "date"},
    {key = "budget", label = "Budget", kind = "table", maximum = 4, hint = "One row for each thing you buy.", columns = [
        {key = "item", label = "Item", kind = "text", longest = 60},
        {key = "group", label = "Group", kind = "choice", choices = {tool = "Tool", work = "Work"}},
        {key = "value", label = "Number", kind = "number"},
        {key = "price", label = "Price of one", kind = "money"},
        {key = "cost", label = "Cost", kind = "computed", value = {multiply = ["value", "price"]}, total = true},
        {key = "note", label = "Note", kind = "text", required = false},
    ]},
    {key = "partners", label = "Partners", kind = "table", required = false, minimum = 2, columns = [
        {key = "name", label = "Name", kind = "text"},
        {key = "share", label = "Share", kind = "whole_number", total = true},
    ]},
    {key = "project_cost", label = "Cost of the project", kind = "computed", unit = "money", value = {sum = "budget.cost"}},
    {key = "amount", label = "Amount asked for", kind = "computed", unit = "money", value = {multiply = ["project_cost", {number = "0.5"}]}},
    {key = "weight", label = "Amount for each hundred of turnover", kind = "computed", unit = "percent", value = {percent = ["amount", "turnover"]}},
    {key = "large", label = "Why is it so large?", kind = "text", when = {answer = "amount", at_least = "100000"}},
    {key = "plan", label = "Drawing of the plant", kind = "file"},
    {key = "letter", label = "Letter of the parent", kind = "file", when = {answer = "listed_parent", is = "yes"}},
]
[[sections]]
key = "account"
title = "Account for payments"
questions = [
    {key = "account_holder", label = "In whose name is the account?", kind = "text"},
    {key = "bank_bic", label = "BIC", kind = "bic"},
    {key = "bank_account", label = "Account number", kind = "account"},
    {key = "truth", label = "This is true.", kind = "declaration"},
]
[[sections]]
key = "abroad"
title = "Abroad"
questions = [
    {key = "office", label = "Address of the office abroad", kind = "long_text", when = {answer = "markets", includes = "far"}},
]

"""
DOCUMENT = """
[[documents]]
key = "parent_accounts"
label = "Accounts of the parent"
minimum = 1
when = {answer = "listed_parent", is = "yes"}
"""
MALAY = {
    "section:firm": "Perusahaan anda",
    "section:project": "Projek anda",
    "section:account": "Akaun",
    "section:abroad": "Luar negara",
    "sector": "Sektor",
    "sector:manufacturing": "Pembuatan",
    "sector:services": "Perkhidmatan",
    "budget": "Belanjawan",
    "budget.hint": "Satu baris bagi setiap barang.",
    "budget/item": "Barang",
    "budget/group:tool": "Alat",
    "local_share.hint": "Dalam peratus.",
}


def text(version: int = 1, *changes: tuple[str, str]) -> str:
    """Return the text of a version of the scheme, with other pieces of text put in."""
    made = _BEFORE + SECTIONS + _BEHIND.replace("\n[[rules]]\n", f"{DOCUMENT}\n[[rules]]\n", 1)
    known = (
        ('code = "MY-BAP"', 'code = "MY-EVERY"'),
        ("version = 4", f"version = {version}"),
        ("MY-BAP-2026", CALL),
        ('name = "Business Accelerator Programme: matching grant"', 'name = "Every kind"'),
    )
    for old, new in (*known, *changes):
        assert old in made, old
        made = made.replace(old, new, 1)
    return made + _words(made)


def terms(*changes: tuple[str, str]) -> SchemeTerms:
    """Return the terms of the scheme."""
    return scheme_terms(text(1, *changes))


def published(version: int = 1, *changes: tuple[str, str]) -> Scheme:
    """Publish a version of the scheme."""
    return publish(text(version, *changes))


def _words(made: str) -> str:
    """Return the words in Malay: those above, and "ms" before the place for every other."""
    found = {place: MALAY.get(place, f"ms {place}") for place in places(scheme_terms(made))}
    lines = [f'"{place}" = "{said}"' for place, said in found.items()]
    return "\n[languages.ms]\n" + "\n".join(lines) + "\n"


ANSWERS: dict[str, Any] = {
    "sector": "manufacturing",
    "employees": "24",
    "turnover": "2,400,000.00",
    "listed_parent": "no",
    "markets": ["home", "asean"],
    "profit": "-12.50",
    "local_share": "75.5",
    "phone": "03-2775 6000",
    "postcode": "50470",
    "project_title": "Roasting line",
    "purpose": "A new roasting line.",
    "started": "no",
    "begins": "2027-01-15",
    "budget": [
        {"item": "Roaster", "group": "tool", "value": "2", "price": "30,000.05"},
        {"item": "Fitting", "group": "work", "value": "1.5", "price": "1000", "note": "By hand"},
    ],
    "plan": "1",
    "account_holder": "Kopi Contoh Sdn Bhd",
    "bank_bic": "contmykl xxx",
    "bank_account": "9876-5432-109876",
    "truth": "yes",
}
# What the answers come to.
COST, AMOUNT = "61500.10", "30750.05"
