"""The deployment that docker-compose runs, asked of the Docker engine and changed by nothing."""
