"""AWS emulated in one process: moto for most services, ministack for ECS and CloudWatch."""
