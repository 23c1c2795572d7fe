"""Evaluation of the measurement on played truth: scripted persons and machines, real servers, a driven clock."""
