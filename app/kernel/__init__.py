"""What every feature stands on: errors, the database, time, encryption at rest."""
