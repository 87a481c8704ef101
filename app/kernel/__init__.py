"""What every feature uses: errors, the database, time, encryption at rest."""
