"""Airsketch: a web application that builds Arduino sketches and sends them to bots."""
