"""HTML pages."""

from app.web import auth, health, pages

blueprints = [auth.bp, health.bp, pages.bp]
