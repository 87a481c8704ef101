"""Set-up and health of a copy of Airsketch; the standard library only, because it installs the rest."""
