"""Documents become passages of bounded size that lose no word."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from parley.modules.knowledge.domain import PASSAGE_CHARACTERS, Block, config_of, cut, fuse, likeness, pack

BLOCKS = st.lists(
    st.builds(Block, st.text(alphabet="xyz .!?\n", max_size=3000), st.one_of(st.none(), st.integers(1, 6))), max_size=8
)


@given(BLOCKS)
def test_no_word_is_lost_and_no_passage_too_long(blocks: list[Block]) -> None:
    cuts = list(cut(blocks))
    assert all(0 < len(each.text) <= PASSAGE_CHARACTERS for each in cuts)
    given_ = "".join("".join(block.text.split()) for block in blocks if block.level is None)
    assert "".join("".join(each.text.split()) for each in cuts) == given_


def test_a_section_is_its_path_of_headings() -> None:
    blocks = [
        Block("Shop", 1), Block("Open all day."), Block("Delivery", 2), Block("Two days."), Block("By bike."),
        Block("Returns", 2), Block("Jobs", 1), Block("None."),
    ]  # fmt: skip
    assert [(each.section, each.text) for each in cut(blocks)] == [
        ("Shop", "Open all day."),
        ("Shop > Delivery", "Two days.\nBy bike."),
        ("Jobs", "None."),
    ]


def test_a_long_paragraph_is_cut_at_sentences() -> None:
    sentence = "A sentence of some words that is said again. "
    cuts = list(cut([Block(sentence * 60)]))
    assert len(cuts) == 3
    assert all(each.text.endswith("again.") for each in cuts)


def test_languages_have_their_rules() -> None:
    assert [config_of(each) for each in ("en", "pt-BR", "de-AT", "ja", "EN")] == [
        "english", "portuguese", "german", "simple", "english",
    ]  # fmt: skip


def test_likeness_is_the_cosine() -> None:
    assert round(likeness(pack([3, 0]), pack([7, 0])), 5) == 1
    assert round(likeness(pack([1, 0]), pack([0, 2])), 5) == 0
    assert likeness(pack([1, 0]), pack([1, 0, 0])) == 0
    assert likeness(pack([0, 0]), pack([1, 0])) == 0


def test_what_two_rankings_praise_comes_first() -> None:
    one, two, three = (UUID(int=each) for each in (1, 2, 3))
    scores = fuse([one, two], [two, three])
    assert max(scores, key=lambda each: scores[each]) == two
