"""The API's description to read and to try, from our own assets."""

from flask import Blueprint, render_template

from app.http.pages.security import allow_inline_styles

bp = Blueprint("api_docs", __name__, url_prefix="/api/v1")


@bp.get("/docs")
def show_swagger_ui() -> str:
    """Show the API in Swagger UI, where a logged-in visitor can try it."""
    allow_inline_styles()
    return render_template("api_docs.html")


@bp.get("/redoc")
def show_redoc() -> str:
    """Show the API in ReDoc, to read."""
    allow_inline_styles()
    return render_template("api_reference.html")
