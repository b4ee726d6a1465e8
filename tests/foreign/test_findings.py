"""What is wrong with the workflows of other systems, as their files have them: written down from the files, by hand."""

import pytest

from tests.foreign.test_foreign import NAMES, converted
from workflows.soundness import findings

NO_END = "no_end_reachable"
# "Dismiss" and "Reject" ask for no reason in any of these files.
DISMISSED = {("decline_without_reason", "acts.dismiss")}
FINDINGS = {
    # Nothing targets the two parents, and every child of RESOLVED is left again: no case is ever over.
    "bcgov_unity_application": {
        ("unreachable_state", "states.open"),
        ("unreachable_state", "states.resolved"),
        ("act_never_fires", "acts.initial"),
        *(
            (NO_END, f"states.{state}")
            for state in (
                "open", "submitted", "assigned", "under_initial_review",
                "initital_review_completed", "under_assessment", "assessment_completed", "defer",
                "on_hold", "closed", "withdrawn", "grant_approved", "grant_not_approved",
            )
        ),
    },
    # Four approvals in a row need one and the same privilege; events without one are left to a program the file
    # does not show.
    "hhs_award_recommendation_review": {
        ("one_person_alone", "acts.receive_agency_approval"),
        ("waits_for_ever", "states.start"),
        ("waits_for_ever", "states.pending_gms_review_start"),
        ("waits_for_ever", "states.pending_revision_start"),
        ("waits_for_ever", "states.pending_revision_complete"),
        ("act_never_fires", "acts.start_workflow"),
        ("act_never_fires", "acts.start_gms_review"),
        ("act_never_fires", "acts.start_revision"),
        ("act_never_fires", "acts.complete_revisions"),
    },
    # Only the two counts and the start are the program's; both officers can decline.
    "hhs_initial_prototype": {
        ("waits_for_ever", "states.start"),
        ("act_never_fires", "acts.start_workflow"),
        ("act_never_fires", "acts.check_program_officer_approval"),
        ("act_never_fires", "acts.check_budget_officer_approval"),
        ("decline_without_reason", "acts.receive_program_officer_approval"),
        ("decline_without_reason", "acts.receive_budget_officer_approval"),
    },
    # No person takes part at all.
    "hhs_opportunity_publish": {
        ("waits_for_ever", "states.start"),
        ("waits_for_ever", "states.pending_publish"),
        ("waits_for_ever", "states.draft_flag_flipped"),
        ("waits_for_ever", "states.current_opportunity_summary_calculated"),
        ("waits_for_ever", "states.opportunity_written_to_search"),
        ("waits_for_ever", "states.opportunity_version_stored"),
        ("act_never_fires", "acts.start_workflow"),
        ("act_never_fires", "acts.flip_is_draft"),
        ("act_never_fires", "acts.calculate_current_opportunity_summary"),
        ("act_never_fires", "acts.write_opportunity_to_search"),
        ("act_never_fires", "acts.store_opportunity_version"),
        ("act_never_fires", "acts.finish_publish"),
    },
    # The concept and the proposal can each be dismissed.
    "hypha_double_stage": {
        *DISMISSED, ("decline_without_reason", "acts.dismiss_to_proposal_rejected")
    },
    "hypha_single_stage": DISMISSED,
    "hypha_single_stage_community": DISMISSED,
    "hypha_single_stage_external": DISMISSED,
    "hypha_single_stage_same": DISMISSED,
    # A letter goes round between sender and signer until it is approved once; a panel ends withdrawn.
    "innovateuk_grant_offer_letter": set(),
    "innovateuk_panel_review": set(),
    "rems_master_workflow": {("decline_without_reason", "acts.reject")},
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_checker_finds_what_is_wrong_and_nothing_else(name: str) -> None:
    found = findings(converted(name).workflow)
    assert {(finding.rule, finding.place) for finding in found} == FINDINGS[name]
    assert len(found) == len(FINDINGS[name])


@pytest.mark.parametrize(
    ("name", "rule", "place", "path"),
    [
        pytest.param(
            "bcgov_unity_application", NO_END, "states.assigned",
            "submitted -internal_assign-> assigned", id="a state without an end to come",
        ),
        pytest.param(
            "bcgov_unity_application", NO_END, "states.under_initial_review",
            "submitted -defer-> defer -start_review-> under_initial_review",
            id="by one of the two shortest roads",
        ),
        pytest.param(
            "bcgov_unity_application", "unreachable_state", "states.resolved", "",
            id="no road shows what no road reaches",
        ),
        pytest.param(
            "hypha_double_stage", "decline_without_reason", "acts.dismiss_to_proposal_rejected",
            "draft -submit-> in_discussion -invite_to_proposal-> invited_to_proposal "
            "-progress-> draft_proposal -dismiss_to_proposal_rejected-> proposal_rejected",
            id="the shortest road to a dismissal",
        ),
        pytest.param(
            "hhs_initial_prototype", "decline_without_reason",
            "acts.receive_program_officer_approval",
            "start -start_workflow-> pending_program_officer_approval "
            "-receive_program_officer_approval-> declined", id="the first officer declines",
        ),
    ],
)  # fmt: skip
def test_a_finding_shows_the_shortest_road(name: str, rule: str, place: str, path: str) -> None:
    found = findings(converted(name).workflow)
    (finding,) = (f for f in found if (f.rule, f.place) == (rule, place))
    assert finding.told() == path


def test_one_person_could_give_the_last_four_approvals_of_an_award_alone() -> None:
    found = findings(converted("hhs_award_recommendation_review").workflow)
    (finding,) = (f for f in found if f.rule == "one_person_alone")
    approvals = ("agency", "departmental", "interagency", "executive")
    assert finding.severity == "warning"
    assert finding.path[-8::2] == tuple(f"receive_{name}_approval" for name in approvals)
    assert finding.path[-1] == "end"
    assert "FINAL_AWARD_REC_APPROVER" in finding.sentence
    assert all(f"receive_{name}_approval" in finding.sentence for name in approvals)
