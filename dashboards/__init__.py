"""What people see and are told: Grafana boards, the desk, messages."""
