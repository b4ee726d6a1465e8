"""The tree over the whole trail: sequenced, signed as checkpoints, and proofs against them."""
