"""Set-up, supervision and health of a copy of Airsketch; the standard library only."""
