"""Schemes and their calls: rules, form, documents, rubric, workflow and limits, as data."""
