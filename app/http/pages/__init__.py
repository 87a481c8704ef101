"""HTML pages."""

from app.http.pages import health, pages
from app.http.pages import login as auth

blueprints = [auth.bp, health.bp, pages.bp]
