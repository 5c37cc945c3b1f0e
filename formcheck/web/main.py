"""What Streamlit runs at every click; app.py serves it."""

from formcheck.web.page import show

if __name__ == "__main__":  # Streamlit's name for a script that it runs
    show()
