"""HTTP APIs: routes of an OpenAPI body, OPTIONS and stages."""
