"""What the steps need of the world, each as small as one need; `aws/` has the adapters, `tests/fakes/` the doubles.

Every method may raise the `Retryable` and `Permanent` of errors.py; only the others are named here. Reads are strongly
consistent unless they say otherwise.
"""
