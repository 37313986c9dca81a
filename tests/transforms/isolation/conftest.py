"""A module whose process does what it is told, at once."""

from tests.transforms.isolation.obedient import obedient as obedient  # a fixture
