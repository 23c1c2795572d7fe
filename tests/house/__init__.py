"""The rules of the house, held as tests: what `docs/architecture.md` says, these make true."""
