"""The roof: the Faust app and the commands. It wires, and decides nothing."""
