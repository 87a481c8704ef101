"""The compile worker: takes builds from the queue and runs arduino-cli in a jail."""
