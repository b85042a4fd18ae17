"""What tests share: how they run commands."""
