"""What ``data/check.py`` looks at, one matter a module; each gives problems (one line each) and, where there are any, figures."""
