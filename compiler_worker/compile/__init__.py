"""One compile: from a sketch to firmware and diagnostics. No database, no queue."""
