"""Erasing a person on demand (Regulation (EU) 2016/679, article 17): out of all that is kept, and never back.

Who was erased is kept by keyed hashes only.
"""
