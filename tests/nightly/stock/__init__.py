"""Complete sites, built by real publishing software out of invented stories."""
