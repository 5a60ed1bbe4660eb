"""A member's progress page: the same audit as of today, with what-if and the shortest way on."""
