"""HTML pages."""

from app.http.pages import api_docs, health, pages
from app.http.pages import login as auth

blueprints = [api_docs.bp, auth.bp, health.bp, pages.bp]
