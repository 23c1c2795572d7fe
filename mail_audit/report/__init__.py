"""What an audit says, and its renderings: one module a file format."""
