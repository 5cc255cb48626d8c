"""The benchmark tables of design 12: each job through the whole request beside its floor of hand-written SQL."""
