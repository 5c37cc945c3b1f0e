"""The one error that is shown to people."""


class FormcheckError(Exception):
    """Something the person at the keyboard can put right.

    Its text says what is wrong, where, and what to do, in one line; the command line prints it
    without a traceback and exits with 2, the page shows it as a message.
    """
