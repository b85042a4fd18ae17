"""What the commands do: a module for each request that a command makes."""
