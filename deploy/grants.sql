-- What the application's role may do; run by the owner after every migration. Whatever is not named is not allowed:
-- nowhere TRUNCATE, no UPDATE of what is written once, and DELETE only of what an erasure or old age lets go.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM saluran_app;
GRANT USAGE ON SCHEMA public TO saluran_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO saluran_app;

-- Written once.
GRANT SELECT, INSERT ON
    event, disclosure, workflow_version, document, submission, assessment, recommendation, decision,
    disbursement, repayment_schedule, letter, answered, ballot, voiding, checkpoint, tile, cosignature, sample, erasure,
    access_entry, disclosure_key, exchange_rate, registry_check, eligibility_check, paper_filing,
    movement, payment_release, payment_return, approval, award_version,
    claim_line, claim_settlement, claim_finding, retained_tranche,
    clawback_instalment, guarantee_payout, incoming, receipt, allocation, write_off,
    late_charge, charge_waiver
    TO saluran_app;

-- These move through their life.
GRANT SELECT, INSERT, UPDATE ON
    agency, enterprise, person, authority, interest, sign_in, scheme, call, application, attachment, part,
    award, condition, tranche, payment_instruction, outbox, delegation, workflow_proposal, workflow_migration,
    participation, stream_head, mandate, bundle, legal_hold, erasure_proposal,
    certificate, consent, referral, import_batch, budget, budget_transfer,
    paying_account, payment_batch, bank_report, bank_line, proceeding, payee_account, claim, claim_draft, loan_standing
    TO saluran_app;

-- An event is written once; the sequencer gives it its place in the tree, once.
GRANT UPDATE (leaf_index) ON event TO saluran_app;

-- An erasure takes these; triggers refuse it for every case without one. Looks go when they are old enough.
GRANT DELETE ON disclosure, disclosure_key, access_entry TO saluran_app;
GRANT UPDATE (frozen) ON submission TO saluran_app;
GRANT UPDATE (pdf) ON letter TO saluran_app;
GRANT UPDATE (comment) ON assessment TO saluran_app;
GRANT UPDATE (note) ON recommendation TO saluran_app;
GRANT UPDATE (filename) ON document TO saluran_app;
GRANT UPDATE (supplier, supplier_key, invoice, invoice_key, description) ON claim_line TO saluran_app;
GRANT UPDATE (reason) ON claim_finding TO saluran_app;

-- Read by /readyz, which says whether the database is at the version of the program.
GRANT SELECT ON alembic_version TO saluran_app;
