"""``python -m auditanalytics``: the same as the command, where the command is not on the path."""

from auditanalytics.cli import main

if __name__ == "__main__":
    main()
