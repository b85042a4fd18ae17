"""The demo site that comes with Copydesk, served on loopback."""
