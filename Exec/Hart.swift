/// Hart.
