"""The REST API's frame: who asks, how often, in which unit, once; and how errors are told. Routes are the rooms'."""
