"""Socket.IO: news for pages. Nothing is commanded here."""
