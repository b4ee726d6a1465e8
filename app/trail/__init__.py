"""The decision trail: every act is an event, chained, and carries its outbox entries."""
