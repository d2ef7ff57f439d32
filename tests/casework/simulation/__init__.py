"""Three months of referrals on a clock that is moved: people, caseworkers, feasts and everything that breaks."""
