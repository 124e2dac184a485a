"""Settings, urls and the WSGI entry: no logic. It knows every room by name; no room knows it. It serves the server process."""
