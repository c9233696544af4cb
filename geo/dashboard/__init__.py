"""Panels of the dashboard that are more than a widget or two."""
