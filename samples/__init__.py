"""Videos of rendered people whose every joint is known; development only.

An exercise is a `Script` of `Posture`s (clinical joint angles and contacts with the floor);
`placement` finds how a `Body` takes each of them, `performance` fills the time in between, `scene`
draws it, and `truth` writes what the body really did. ``python -m samples --help`` shows the
commands.
"""
