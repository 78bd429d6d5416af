"""Functions that languages and libraries lack, in files of their own language; export copies from them."""
