"""From the bytes of a file to rows of text, in a process of its own under limits.

Whatever a file does to a parser, it does there: a crash, a hang or a hunger for memory costs that file and nothing
else. Every container is looked at before it is parsed, only text ever comes out, and what is refused is refused with
the code of a problem. Nothing here knows what a return is, and the process imports neither pandas nor numpy, so
that it starts at once: whoever asks it imports `client`.
"""
