"""What visitors send, checked and turned into plain values: one module a form."""
