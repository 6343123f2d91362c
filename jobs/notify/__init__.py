"""Notifications: the hook, which is a command that reads JSON or a webhook that receives it, and alerts."""
