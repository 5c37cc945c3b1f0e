"""The pages in the browser; `app.py` starts them."""
