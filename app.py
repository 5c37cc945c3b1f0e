"""The page in the browser: `streamlit run app.py`, or `make app`."""

from formcheck.web.page import show

show()
