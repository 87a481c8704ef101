"""Programs for operators and developers: set-up, supervision, benchmarks, fleets."""
