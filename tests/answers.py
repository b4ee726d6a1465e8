"""What the applicants of the world answer and attach, by call."""

GRANT, LOAN = "MY-BAP-2026", "VN-SMEDF-2026"

GRANT_ANSWERS = {
    "sector": "manufacturing",
    "employees": "24",
    "turnover": "2,400,000.00",
    "listed_parent": "no",
    "local_share": "100",
    "project_title": "Roasting line",
    "purpose": "A new roasting line; sales to rise by a third.",
    "started": "no",
    "project_cost": "160000.00",
    "amount": "80000.00",
    "account_holder": "Kopi Contoh Sdn Bhd",
    "bank_bic": "CONTMYKLXXX",
    "bank_account": "98765432109876",
    "truth": "yes",
}
LOAN_ANSWERS = {
    "sector": "production",
    "group": "chain",
    "employees": "48",
    "turnover": "42000000000",
    "capital": "18000000000",
    "project_title": "Kiln",
    "purpose": "A gas kiln; repaid from exports.",
    "project_cost": "2000000000",
    "own_equity": "500000000",
    "amount": "1500000000",
    "instalments": "24",
    "method": "annuity",
    "security": "The kiln and the land.",
    "account_holder": "Công ty TNHH Ví Dụ",
    "bank_bic": "CONTVNVXXXX",
    "bank_account": "0011004455667",
    "truth": "yes",
}
DOCUMENTS = {
    GRANT: ("quotation", "quotation", "specification"),
    LOAN: ("request", "plan", "eligibility"),
}
