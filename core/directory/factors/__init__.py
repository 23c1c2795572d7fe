"""The pure parts of second factors: one-time codes, recovery codes, passkeys' challenges, and secrets kept sealed."""
