"""Bytes into values: wire formats, MQTT, the bridge to Kafka."""
