"""Every page with its address and what it answers to whom, and every form with who may send it."""

from tests.answers import GRANT, LOAN

WHO = ("", "applicant.my", "rival.my", "desk.my", "maker.my", "auditor.my", "desk.vn", "auditor.vn")
ANYONE = (200,) * 8
SIGNED_IN = (401, *[200] * 7)
APPLICANTS = (401, 200, 200, *[403] * 5)
OFFICERS = (401, 403, 403, *[200] * 5)
AUDITORS = (401, 403, 403, 403, 403, 200, 403, 200)
ONE_AUDITOR = (401, 403, 403, 403, 403, 200, 403, 404)
OWN_DRAFT = (401, 200, 404, *[403] * 5)
INSIDERS = (401, 200, 404, 200, 200, 200, 404, 404)
INSIDE_OFFICERS = (401, 403, 403, 200, 200, 200, 404, 404)
LOOKERS = (401, *[403] * 4, 200, 403, 200)
INSIDE_LOOKERS = (401, *[403] * 4, 200, 403, 404)
DESKS = (401, 403, 403, 200, 404, 404, 200, 404)
ONE_DESK = (401, 403, 403, 200, 404, 404, 404, 404)
# Applicants, and those who act under consents: here desk officers. The referral goes from one agency to the other.
PARTIES = (401, 200, 200, 200, 403, 403, 200, 403)
# Its own people, those who see a case of it, and who follows its referral.
ONE_ENTERPRISE = (401, 200, 404, 200, 200, 200, 200, 404)
ONE_REFERRAL = (401, 200, 404, 200, 403, 403, 200, 403)
# Records officers and advisers are not among those who are counted here.
NOBODY_HERE = (401, *[403] * 7)
PAYMENT_PEOPLE = (401, 403, 403, 403, 200, 200, 403, 404)
# Only a desk officer proposes to cut what is undrawn.
ONE_DESK_CASE = (401, 404, 404, 200, 404, 404, 404, 404)
NO_LINES = (401, *[404] * 7)
NOT_A_LOAN = (401, *[404] * 7)
LOAN_BOOKS = (401, 403, 403, 403, 200, 200, 403, 200)
NO_LINE_OF_A_BANK = (401, 403, 403, 403, 404, 403, 403, 403)
PAYMENTS = (401, 403, 403, 403, 200, 200, 403, 200)

PAGES: dict[str, tuple[str, tuple[int, ...]]] = {
    "alive": ("/healthz", ANYONE),
    "ready": ("/readyz", ANYONE),
    "dashboards.home": ("/", (302,) * 8),
    "schemes.find": ("/schemes", ANYONE),
    "schemes.facilities": ("/facilities", ANYONE),
    "schemes.scheme": (f"/schemes/{GRANT}", ANYONE),
    "schemes.eligibility_page": (f"/schemes/{LOAN}/eligibility", ANYONE),
    "accounts.sign_in_page": ("/sign-in", ANYONE),
    "accounts.sessions": ("/sessions", SIGNED_IN),
    "delegations.home": ("/delegations", OFFICERS),
    "budgets.home": ("/budgets", OFFICERS),
    "dashboards.mine": ("/applications", APPLICANTS),
    "dashboards.queue": ("/queue", OFFICERS),
    "dashboards.advised": ("/cases", NOBODY_HERE),
    "consents.home": ("/consents", PARTIES),
    "referrals.home": ("/referrals", PARTIES),
    "referrals.referral": ("/referrals/{referral}", ONE_REFERRAL),
    "registry.enterprise": ("/enterprises/{enterprise}", ONE_ENTERPRISE),
    "dashboards.case": ("/cases/{case}", INSIDERS),
    "submissions.section": ("/cases/{draft}/sections/project", OWN_DRAFT),
    "submissions.documents_page": ("/cases/{draft}/documents", OWN_DRAFT),
    "submissions.check": ("/cases/{draft}/check", OWN_DRAFT),
    "submissions.document": ("/cases/{case}/documents/{document}.pdf", INSIDERS),
    "letters.letter": ("/cases/{case}/letters/{letter}.pdf", INSIDERS),
    # Of a scheme whose tranches are claimed without cost lines.
    "claims.claim": ("/cases/{case}/tranches/1/claim", NO_LINES),
    "claims.invoice": ("/cases/{case}/tranches/1/claim/invoices/1.pdf", NO_LINES),
    # Of a grant nothing is repaid; the pages of loans are in tests/repayments.
    "repayments.schedule": ("/cases/{case}/schedule", NOT_A_LOAN),
    "repayments.table": ("/cases/{case}/schedule.csv", NOT_A_LOAN),
    "repayments.working": ("/cases/{case}/schedule/working.csv", NOT_A_LOAN),
    "repayments.settlement": ("/cases/{case}/schedule/settlement", NOT_A_LOAN),
    "repayments.other_terms": ("/cases/{case}/schedule/other-terms", NOT_A_LOAN),
    "repayments.preview": (f"/schemes/{LOAN}/schedule", ANYONE),
    "repayments.home": ("/arrears", OFFICERS),
    "repayments.arrears_table": ("/arrears.csv", OFFICERS),
    "repayments.loans_table": ("/loans.csv", LOAN_BOOKS),
    "repayments.line_page": ("/payments/lines/1/receipt", NO_LINE_OF_A_BANK),
    "disbursements.payment_file": ("/cases/{case}/tranches/1/payment-file", PAYMENT_PEOPLE),
    "disbursements.home": ("/payments", PAYMENTS),
    "proceedings.new": ("/cases/{case}/proceedings/new/cut", ONE_DESK_CASE),
    "proceedings.one": ("/cases/{case}/proceedings/1", INSIDERS),
    "recoveries.home": ("/recoveries", OFFICERS),
    # Of a scheme without a guarantee.
    "recoveries.one": ("/cases/{case}/guarantee", NO_LINES),
    "disbursements.batch": ("/payments/{batch}", PAYMENT_PEOPLE),
    "disbursements.batch_file": ("/payments/{batch}/file", PAYMENT_PEOPLE),
    "versions.versions": ("/workflows", LOOKERS),
    "versions.version": ("/workflows/{workflow}", INSIDE_LOOKERS),
    "versions.picture": ("/workflows/{workflow}.svg", INSIDE_LOOKERS),
    "versions.source": ("/workflows/{workflow}.toml", INSIDE_LOOKERS),
    "versions.propose_page": ("/workflows/propose", NOBODY_HERE),
    "versions.proposal": ("/workflows/proposals/{proposal}", INSIDE_LOOKERS),
    "versions.proposed_picture": ("/workflows/proposals/{proposal}.svg", INSIDE_LOOKERS),
    "versions.proposed_source": ("/workflows/proposals/{proposal}.toml", INSIDE_LOOKERS),
    "versions.migrations_page": ("/workflows/migrations", LOOKERS),
    "versions.plan_page": ("/workflows/migrations/plan", NOBODY_HERE),
    "versions.migration_page": ("/workflows/migrations/{migration}", INSIDE_LOOKERS),
    "publication.trail": ("/trail", ANYONE),
    "publication.newest": ("/trail/checkpoint", ANYONE),
    "publication.checkpoint": ("/trail/checkpoint/{size}", ANYONE),
    "publication.key": ("/trail/key", ANYONE),
    "publication.verifier": ("/trail/verify.py", ANYONE),
    "publication.consistency": ("/trail/consistency?old=1", ANYONE),
    "publication.tile": ("/trail/tile/0/000.p/1", ANYONE),
    "accesslog.home": ("/access-log", AUDITORS),
    "accesslog.table": ("/access-log.csv", AUDITORS),
    "accesslog.looks": ("/cases/{case}/looks", OWN_DRAFT),
    "retention.home": ("/records", NOBODY_HERE),
    "retention.find": ("/records/find?reference={case}", NOBODY_HERE),
    "retention.case": ("/records/{case}", NOBODY_HERE),
    "audit.home": ("/audit", AUDITORS),
    "audit.case": ("/audit/cases/{case}", INSIDE_OFFICERS),
    "audit.proof": ("/audit/cases/{case}/events/1.tlog-proof", INSIDE_OFFICERS),
    "audit.bundles": ("/audit/bundles", AUDITORS),
    "audit.bundle": ("/audit/bundles/{bundle}", ONE_AUDITOR),
    "audit.bundle_file": ("/audit/bundles/{bundle}.zip", ONE_AUDITOR),
    "exports.download": ("/audit/export.jsonl", AUDITORS),
    "intake.home": ("/imports", DESKS),
    "intake.batch": ("/imports/{import}", ONE_DESK),
    "intake.report": ("/imports/{import}.csv", ONE_DESK),
    "intake.template_file": (f"/imports/templates/{GRANT}.csv", ONE_DESK),
    "analysis.find": ("/audit/find", AUDITORS),
    "analysis.process_map": ("/audit/process", AUDITORS),
    "analysis.comparison": ("/audit/compare", AUDITORS),
    "analysis.all_samples": ("/audit/samples", AUDITORS),
    "analysis.sample": ("/audit/samples/{sample}", ONE_AUDITOR),
    "analysis.sample_table": ("/audit/samples/{sample}.csv", ONE_AUDITOR),
}

FORMS = {
    "anyone": {"accounts.sign_in", "schemes.check_eligibility"},
    "adviser": {"submissions.begin_for"},
    "applicant": {"claims.save", "submissions.begin", "consents.give", "consents.withdraw"},
    "writer": {"submissions.save_section", "submissions.upload", "submissions.remove"},
    "officer": {
        "accesslog.reveal",
        "claims.verify",
        "retention.take",
        "applications.declare",
        "intake.send",
        *("registry.check", "registry.certify", "registry.revoke"),
        "delegations.delegate",
        "delegations.end",
        *("budgets.propose", "budgets.authorise", "budgets.refuse"),
        "repayments.record",
        *("disbursements.prepare", "disbursements.check", "disbursements.release"),
        "recoveries.pay_out",
        *("disbursements.take_back", "disbursements.take_report", "disbursements.settle"),
        *("versions.propose", "versions.publish", "versions.reject"),
        *("versions.dry_run", "versions.plan", "versions.carry_out"),
    },
    "auditor": {"analysis.draw", "audit.ask"},
    "signed_in": {
        "accounts.sign_out",
        "accounts.end_session",
        "applications.page_act",
        "applications.page_tranche_act",
        *("proceedings.begin", "proceedings.take"),
        "referrals.refer",
        "referrals.take",
        "submissions.upload_paper",
    },
}
