"""What pages and letters say of financing by sale, in place of the words of a loan; its conventions and its working."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from workflows.money import from_minor
from workflows.repaying import Due
from workflows.sale.price import Sale, selling_price
from workflows.schedule.conventions import amount_text, rate_text

CONFIRMATION = (
    "These figures are a record and not a ruling: the Shariah board of the financier must confirm them"
    " before they are used."
)
ONE_AMOUNT = "What is sold is bought once: financing by sale is paid in one amount."
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "loan": "financing",
        "principal": "cost",
        "interest": "profit",
        "interest rate": "profit rate",
        "balance": "cost outstanding",
        "total repayable": "selling price",
        "reduction at early settlement": "rebate (ibra')",
        "late-payment charge": "compensation (ta'widh)",
        "penalty": "penalty to charity (gharamah)",
    }
)
PRINCIPLES: Mapping[str, str] = MappingProxyType(
    {
        "murabahah": "murabahah",
        "bai_bithaman_ajil": "bai' bithaman ajil",
        "tawarruq": "tawarruq",
    }
)
_RECOGNISED: Mapping[str, str] = MappingProxyType(
    {
        "annuity": "on the cost that is outstanding (annuity)",
        "proportional": "as its part of what is collected (proportional)",
    }
)


def conventions(sale: Sale, principle: str, *, price: int | None = None) -> tuple[str, ...]:
    """Return the sentences that name every convention of a financing; ``price`` in minor units is one agreed before."""
    return tuple(_conventions(sale, principle, price))


def working(sale: Sale, owed: Sequence[Due]) -> list[tuple[int, str]]:
    """Return the working line by line: the number of each instalment, and how its figures come about."""
    told, left, price = [], sale.cost, selling_price(sale)
    for due in owed:
        left -= due.amounts.principal
        price -= due.amounts.total
        told.append((due.number, _worked(sale, due, left, price)))
    return told


def _conventions(sale: Sale, principle: str, price: int | None) -> Iterator[str]:
    name = PRINCIPLES[principle]
    cost, months = _told(sale, sale.cost), sale.months
    yield f"Financing by sale ({name}): the financier sells at the selling price what it has for the cost of {cost}."
    if price is None:
        yield (
            f"The selling price is fixed at the ceiling rate: the level instalment of {months} months at"
            f" {rate_text(sale.ceiling_rate_pct)} a year, not rounded, times {months}: {_told(sale, selling_price(sale))}."
        )
    else:
        yield f"Of the selling price {_told(sale, price)} is outstanding here; it is never raised."
    yield (
        f"Instalments are reckoned at the effective profit rate of {rate_text(sale.effective_rate_pct)} a year, a twelfth of it"
        f" for each month{_stepped(sale)}; the last takes what is left."
    )
    yield (
        "The cost outstanding is kept without rounding from month to month; each figure is rounded half to even when it is"
        " written down."
    )
    yield f"Profit is recognised {_RECOGNISED[sale.recognition]}. It is never added to the cost and bears no profit."
    yield (
        "What the selling price is above the instalments is given back as rebate (ibra') with the last instalment, and at"
        " early settlement so is all profit of the time to come."
    )


def _stepped(sale: Sale) -> str:
    if sale.instalment_step is None:
        return ""
    return f", rounded up to a multiple of {_told(sale, sale.instalment_step)}"


def _worked(sale: Sale, due: Due, left: int, price: int) -> str:
    cost, profit = due.amounts.principal, due.amounts.interest
    how = (
        f"{_told(sale, left + cost)} x {rate_text(sale.effective_rate_pct)} / 12"
        if sale.recognition == "annuity"
        else "its part of the instalment"
    )
    return (
        f"Instalment {due.number}, due {due.due_on}: profit {how} = {_told(sale, profit)};"
        f" {_told(sale, cost + profit)} - {_told(sale, profit)} = {_told(sale, cost)} of the cost; cost outstanding"
        f" {_told(sale, left)}, selling price outstanding {_told(sale, price)}."
    )


def _told(sale: Sale, minor: int) -> str:
    return amount_text(from_minor(minor, sale.currency))
