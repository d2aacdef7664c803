"""Strategies: names, texts and values, as authors write them."""

from hypothesis import strategies as st

FLOWS = ("asks", "says", "generated", "nowhere")
IDS = ("a", "b", "c", "d", "nowhere")

targets = st.sampled_from(IDS)
maybe_target = st.none() | targets
texts = st.sampled_from(
    [
        "Hello",
        "{{ input.text }}",
        "{{ vars.x }}{{ vars.x }} more",
        "{{ fields.x | upcase }} {{ vars.x | plus: 1 }}",
        "{% if vars.x %}yes{% else %}{{ now }}{% endif %}",
        "{{ vars.x | divided_by: vars.y }}",
        "{% for item in vars.x %}{{ item }}{% endfor %}",
        "{{ contact.name }} {{ today | date: '%A' }}",
        "x" * 3000,
    ]
) | st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), min_size=1, max_size=40)
places = st.sampled_from(["x", "vars.y", "fields.x", "session.x"])
timeouts = st.fixed_dictionaries({"after": st.sampled_from(["30s", "10m", "24h", "7d"]), "next": targets})
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y"]), inner, max_size=2),
    max_leaves=5,
)
