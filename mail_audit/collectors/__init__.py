"""Where facts come from besides the logs that somebody brings: each collector has a rung and a coverage of its own."""
