"""The embedded default: everything that `make demo` starts on the loopback interface, without an account anywhere."""
