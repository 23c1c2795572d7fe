"""Speed and memory on one machine, beside pflogsumm on the same file: `make bench`."""
