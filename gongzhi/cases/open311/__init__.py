"""Open311 GeoReport v2 over the same actions: services, requests, tokens, discovery, in JSON and XML."""
