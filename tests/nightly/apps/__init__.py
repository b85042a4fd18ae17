"""Sites of JavaScript frameworks, rendered in Chromium."""
