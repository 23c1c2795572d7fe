"""Tests of the two engines that read log lines."""
