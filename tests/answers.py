"""What the applicants of the world answer and attach, by call."""

GRANT, LOAN, SALE = "MY-BAP-2026", "VN-SMEDF-2026", "MY-SBF-2016"

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
SALE_ANSWERS = {
    "sector": "manufacturing",
    "employees": "24",
    "turnover": "2,400,000.00",
    "bumiputera_share": "60",
    "years": "6",
    "profit": "yes",
    "project_title": "Roasting machine",
    "purpose": "A roasting machine; repaid from sales.",
    "project_cost": "250000.00",
    "own_equity": "50000.00",
    "amount": "200000.00",
    "instalments": "60",
    "account_holder": "Kopi Contoh Sdn Bhd",
    "bank_bic": "CONTMYKLXXX",
    "bank_account": "98765432109876",
    "truth": "yes",
    "credit_check": "yes",
}
DOCUMENTS = {
    GRANT: ("quotation", "quotation", "specification"),
    LOAN: ("request", "plan", "eligibility"),
    SALE: ("statements",),
}
# In which country a call is at home and what is answered; a call of another name asks what the loan does.
ASKED = {
    GRANT: ("MY", GRANT_ANSWERS, DOCUMENTS[GRANT]),
    LOAN: ("VN", LOAN_ANSWERS, DOCUMENTS[LOAN]),
    SALE: ("MY", SALE_ANSWERS, DOCUMENTS[SALE]),
}
