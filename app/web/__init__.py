"""HTML pages."""

from app.web import auth, pages

blueprints = [auth.bp, pages.bp]
