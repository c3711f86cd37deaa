"""QARTOD's tests as compiled kernels: what a reading's value, its neighbours and its own device say about it."""
