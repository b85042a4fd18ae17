"""Tests of crawler.alarms."""
