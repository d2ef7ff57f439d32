"""The contract: every intent, entity and language by name. Names are added, never renamed."""

from typing import Final

# How the parts of a model are written. A model of another format cannot be read and is replaced at the next training.
FORMAT: Final = 5

DANGER_INTENTS: Final = ("danger_self_harm", "danger_violence", "danger_trafficking", "danger_minor", "danger_medical")

INTENTS: Final = (
    "greet", "thank_bye", "affirm", "deny", "menu_help", "change_language",
    "find_offer", "check_eligibility", "how_to_enrol", "find_contact", "ask_amount_cost", "ask_delay",
    "job_search", "training_request", "business_support", "business_trouble",
    "health_care", "psychosocial_support", "family_debt", "housing_food", "documents", "legal_aid", "children_school",
    "missing_relative", "regular_migration", "still_abroad", "recruitment_scam",
    "start_intake", "case_status", "update_case", "complaint", "talk_to_human", "data_rights",
    *DANGER_INTENTS,
    "out_of_scope",
)  # fmt: skip

ENTITIES: Final = ("place", "country", "actor", "date_period", "age", "person_relation", "trade", "amount", "case_code")

# The folders of the training data; a message may also be in another language altogether.
LANGUAGES: Final = ("fr", "wo", "mixed")
OTHER_LANGUAGE: Final = "other"

OUT_OF_SCOPE: Final = "out_of_scope"
