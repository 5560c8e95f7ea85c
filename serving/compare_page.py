def render_comparison(*a):
    return ""
