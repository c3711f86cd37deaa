"""The ground floor: rules and the words everyone speaks. No I/O, no clock, no log."""
