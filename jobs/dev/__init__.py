"""What a developer or a new deployment uses; nothing that runs in production imports it but the commands."""
