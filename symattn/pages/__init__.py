"""The pages of an answer sheet: TeX, HTML, figures and the report, written from plain data."""
