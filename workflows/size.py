"""Is it an SME, and of which size: the tests of eleven countries as one rule expression over a few measures."""

# What a test may look at: amounts in units of the country's currency, heads, and what is so or not.
MEASURES = frozenset(
    {
        "employees",
        "turnover",
        "assets",
        "capital",
        "listed_parent",
        "international_parent",
        "new_firm",
        "registered",
    }
)
