"""The value lists, copied word for word from the design: the shipped instruments must agree with them."""

ACTORS = """
        alone, own_team, own_executive, elected_members, board_or_trustees, central_gov,
        combined_or_regional, council, university, fe_or_school, nhs_or_health, police_or_fire,
        business, third_sector, community_or_residents, funder, media, lpip_team
    """
KINDS = """
        strategy_or_priority, money_or_budget, people_or_appointment, partnership_or_governance,
        procurement_or_commissioning, data_or_evidence, project_or_delivery, regulation_or_compliance,
        communication_or_narrative, crisis_response, personal_time
    """
THEMES = """
        data_for_place, professional_standards, public_procurement_innovation, business_cases,
        felt_experiences, skills, place_leadership, none
    """
EVIDENCE = """
        local_data, national_data, research_or_university, business_case, lived_or_felt_experience,
        professional_judgement, precedent, legal_or_finance_advice, peer_place, consultants,
        media_or_social, gut_feel, none
    """
FORCES = """
        funding_rules, short_timescales, capacity, skills_gap, data_sharing, governance, politics,
        trust, risk_appetite, procurement_rules, geography_mismatch, turnover, shared_purpose,
        strong_relationship, devolved_power, good_evidence, community_support
    """
PHASES = "crisis, between_crisis_recovery, recovery, between_recovery_thriving, thriving, not_applicable"
STATUSES = "made, deferred, delegated, escalated, reversed, recommended_to_others, still_open"
SETTINGS = """
        desk_or_focus, scheduled_meeting, unscheduled_meeting, call_or_video, site_or_community_visit,
        travel, formal_committee_or_board, event_or_speech, messaging, home_or_out_of_hours
    """
GAINERS = "residents, disadvantaged_groups, businesses, my_org, partners, central_gov, future, staff"

LISTS = {
    "recall_gap": "in_the_moment, same_day, next_day, 2_7_days, older",
    "setting": SETTINGS,
    "others_involved": ACTORS,
    "others_count_band": "0, 1, 2_5, 6_15, gt_15",
    "initiator": "me, my_organisation, partner, higher_government, community, event_or_crisis, routine_cycle",
    "decision_status": STATUSES,
    "decision_kind": KINDS,
    "lpip_theme": THEMES,
    "lpip_theme_primary": THEMES,
    "trigger": """
        planned, deadline, opportunity, problem, shock_or_incident, request, policy_change,
        funding_call, relationship_issue
    """,
    "reversibility": "easily, with_cost, hardly, not",
    "time_available": "minutes, hours, days, weeks, months",
    "authority": "mine_alone, shared_formal, shared_informal, advisory, none_but_influence",
    "options_considered.reason_rejected": """
        cost, risk, politics, capacity, legal, evidence, partner_objection, timing, values, other
    """,
    "evidence_used": EVIDENCE,
    "evidence_missing": EVIDENCE,
    "influence.actor": ACTORS,
    "influence.direction": "pushed_for, pushed_against, shaped, blocked",
    "partnership_role": "convener, broker, lead_body, supporter, challenger, observer, not_partnership",
    "role_change": "same_as_before, broader, narrower, new_role, contested",
    "silo": "within_my_institution, between_institutions, central_local, sector_divide, none",
    "silo_effect": "helped, hindered",
    "barriers": FORCES,
    "enablers": FORCES,
    "phase": PHASES,
    "direction": "worse, stable, better",
    "leadership_act": """
        sense_making, convening, negotiating, deciding, resourcing, protecting, challenging,
        storytelling, listening, delegating, letting_go
    """,
    "review_after": "7d, 30d, 90d, date, never",
    "who_gains": GAINERS,
    "who_bears_cost": GAINERS,
    "quotable": "yes, paraphrase_only, no",
    "episodes.setting": SETTINGS,
    "episodes.others_involved": ACTORS,
    "episodes.theme": THEMES,
    "main_decision_kind": KINDS,
    "main_decision_status": STATUSES,
    "outcome_state": "as_expected, better, worse, mixed, too_early, overtaken, reversed, never_implemented",
    "what_changed": FORCES,
    "would_decide_same": "yes, partly, no",
    "partner_effect.actor": ACTORS,
    "partner_effect.effect": "stronger, same, weaker",
    "phase_now": PHASES,
    "moved_by": FORCES,
    "phase_then": PHASES,
    "reason": "leave, too_busy, could_not_disclose, no_decision",
}
PROFILE_LISTS = {
    "sector": """
        central_gov, regional_or_combined_authority, local_gov, university_he, third_sector,
        other_public_partner
    """,
    "place_scale": "uk_wide, nation, region, city_region, local_authority, neighbourhood",
    "country": "england, scotland, wales, northern_ireland, outside_uk",
    "role_tier": """
        chief_executive_or_equivalent, executive_director, elected_leader_or_mayor, senior_official,
        chair_or_trustee, other_senior
    """,
    "leader_status": "current, former",
    "leads": "of_place, in_place, both",
    "tenure_band": "lt_2y, 2_5y, 5_10y, gt_10y",
}
