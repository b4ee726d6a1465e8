"""The life of an application as data, and the pure rules that move it.

Nothing here knows a database, a web request, a clock or a file other than the definitions shipped beside it.
"""
