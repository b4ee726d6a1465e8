"""Letters: what an agency sends an enterprise, each issued once per event and kept by its digest."""
