"""Alarms: what broke is told once, where people look: by mail, or to a program."""
